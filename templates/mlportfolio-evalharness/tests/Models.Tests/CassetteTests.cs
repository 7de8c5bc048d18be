namespace PortfolioProject.Models.Tests;

public sealed class CassetteTests : IDisposable
{
    private readonly Bench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    private static CallConfig Mode(CassetteMode mode) => Bench.Calls with { Cassettes = mode };

    private static Task<ChatReading[]> Ask(ChatReader reader, int from, int count) => Task.WhenAll(Enumerable.Range(from, count).Select(i => reader.ReadAsync($"q{i}", Bench.Context, cancellation: Cancellation)));

    [Fact]
    public async Task What_was_recorded_is_replayed_with_its_tokens_time_retries_and_finish_reason()
    {
        await using var server = await ProtocolServer.StartAsync((_, tried) => tried == 0 ? Fault.Error500 : null, delay: TimeSpan.FromMilliseconds(60));
        var recorded = await _bench.Models().Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation);
        var replayed = await _bench.Models(Mode(CassetteMode.ReplayOrFail)).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation);

        Assert.Equal(recorded.Reading, replayed.Reading);
        Assert.Equal((recorded.Tokens, recorded.Cost), (replayed.Tokens, replayed.Cost));
        Assert.Equal(recorded.Call with { Replayed = true }, replayed.Call);
        Assert.Equal(1, replayed.Call.Retries);
        Assert.InRange(replayed.Call.Milliseconds, 55, double.MaxValue); // of the try that succeeded
        var usage = Bench.Usage([replayed]);
        Assert.Equal((1, 0m, recorded.Cost), (usage.Replayed, usage.CostAsRun, usage.CostAsIfLive));
        var file = JsonNode.Parse(File.ReadAllText(Assert.Single(_bench.Files)))!;
        Assert.Equal("stop", (string?)file["response"]!["finishReason"]);
        Assert.Contains("Question: q", (string?)file["request"]!["messages"]![1]!["contents"]![0]!["text"]);
    }

    [Theory]
    [InlineData(Fault.Refusal, ReplyOutcome.Refused)]
    [InlineData(Fault.EmptyChoices, ReplyOutcome.NoChoices)]
    [InlineData(Fault.Length, ReplyOutcome.Truncated)]
    [InlineData(Fault.ContentFilter, ReplyOutcome.Refused)]
    public async Task An_invalid_reply_is_an_outcome_and_replays_as_the_same_outcome(Fault fault, ReplyOutcome outcome)
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => fault);
        var recorded = await _bench.Models().Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation);
        var replayed = await _bench.Models(Mode(CassetteMode.ReplayOrFail)).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation);
        Assert.Equal((outcome, outcome, 1), (recorded.Outcome, replayed.Outcome, server.Requests));
        Assert.Equal((recorded.Problem, recorded.Tokens), (replayed.Problem, replayed.Tokens));
        Assert.Null(replayed.Reading.Answer);
    }

    [Fact]
    public async Task Replay_or_fail_opens_no_connection_needs_no_key_and_says_what_to_do()
    {
        await using var server = await ProtocolServer.StartAsync();
        var reader = _bench.Models(Mode(CassetteMode.ReplayOrFail)).Reader(Bench.Chat(server.BaseUrl) with { KeyVariable = "MODELS_TESTS_NO_SUCH_KEY" });
        var error = await Assert.ThrowsAsync<UserError>(() => reader.ReadAsync("how hot", Bench.Context, cancellation: Cancellation));
        Assert.Equal((0, 0), (server.Connections, server.Requests));
        Assert.Contains("\"how hot\"", error.Message);
        Assert.Contains("ask-v1@", error.Message);
        Assert.Contains("--cassettes record", error.Message);
        Assert.Equal(ExitCode.Incomplete, error.Code);
    }

    [Fact]
    public async Task Live_keeps_nothing_and_replay_calls_for_what_is_missing_without_keeping_it()
    {
        await using var server = await ProtocolServer.StartAsync();
        await Ask(_bench.Models(Mode(CassetteMode.Live)).Reader(Bench.Chat(server.BaseUrl)), 0, 2);
        Assert.Empty(_bench.Files);
        await Ask(_bench.Models().Reader(Bench.Chat(server.BaseUrl)), 0, 2);
        await Ask(_bench.Models(Mode(CassetteMode.Replay)).Reader(Bench.Chat(server.BaseUrl)), 0, 3);
        Assert.Equal((2 + 2 + 1, 2), (server.Requests, _bench.Files.Length));
    }

    [Fact]
    public async Task Killed_and_resumed_nothing_is_paid_for_twice()
    {
        await using var server = await ProtocolServer.StartAsync((question, tried) => tried == 0 && question is "q5" or "q6" ? Fault.Stall : null);
        using var kill = new CancellationTokenSource();
        var first = _bench.Models(Bench.Calls with { TimeoutSeconds = 30 }).Reader(Bench.Chat(server.BaseUrl));
        var running = Enumerable.Range(0, 7).Select(i => first.ReadAsync($"q{i}", Bench.Context, cancellation: kill.Token)).ToList();
        await Task.WhenAll(running[..5]);
        await kill.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running));
        File.WriteAllText(Path.Combine(_bench.Cassettes, new string('0', 64) + ".json.tmp"), "{\"request\": {\"mess"); // what a kill in the middle of writing leaves

        var usage = Bench.Usage(await Ask(_bench.Models().Reader(Bench.Chat(server.BaseUrl)), 0, 20));
        Assert.Equal(20, server.Paid.Count);
        Assert.All(server.Paid.Values, paid => Assert.Equal(1, paid));
        Assert.Equal((20, 5), (usage.Calls, usage.Replayed));
        Assert.Equal(20, _bench.Files.Count(f => f.EndsWith(".json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Equal_requests_at_the_same_time_make_one_call_but_repeats_make_one_each()
    {
        await using var server = await ProtocolServer.StartAsync(delay: TimeSpan.FromMilliseconds(50));
        var models = _bench.Models();
        var reader = models.Reader(Bench.Chat(server.BaseUrl));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => reader.ReadAsync("same", Bench.Context, repeat: i % 3, Cancellation)));
        Assert.Equal((3, 3), (server.Requests, _bench.Files.Length));
    }

    [Fact]
    public async Task A_changed_prompt_makes_exactly_its_own_cassettes_stale()
    {
        await using var server = await ProtocolServer.StartAsync();
        _bench.Write("prompts/other-v1.md", Bench.PromptText.Replace("ask", "other"));
        var configs = new[] { "prompts/ask-v1.md", "prompts/other-v1.md" }.Select(p => Bench.Chat(server.BaseUrl, p)).ToList();
        var models = _bench.Models();
        List<CassetteKey> Needed(int questions = 1) => [.. configs.Select(c => models.Reader(c)).SelectMany(r => Enumerable.Range(0, questions).Select(i => r.Key($"q{i}", Bench.Context)))];
        foreach (var config in configs) await Ask(models.Reader(config), 0, 5);
        var before = Needed(5);
        Assert.Empty(models.Cassettes.Stale(Needed()));

        _bench.Write("prompts/ask-v1.md", Bench.PromptText.Replace("Answer from", "Answer only from"));
        var stale = models.Cassettes.Stale(Needed());
        Assert.Equal(before.Take(5).Select(k => k.Id).Order(StringComparer.Ordinal), stale.Select(k => k.Id));
        Assert.All(stale, k => Assert.StartsWith("ask-v1@", k.Title));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"\"q{i}\""), stale.Select(k => k.Title.Split(", ")[^1]).Order());

        configs = [.. configs.Select(c => c with { Temperature = 0.5 })];
        Assert.Equal(10, models.Cassettes.Stale(Needed()).Count);
    }

    [Fact]
    public void All_that_may_change_an_answer_changes_the_cassette_and_nothing_else_does()
    {
        var config = Bench.Chat("http://127.0.0.1:9/v1");
        _bench.Write("prompts/ask-v2.md", Bench.PromptText.Replace("version: 1", "version: 2"));
        var models = _bench.Models();
        string Id(ChatConfig c, string question = "q", int repeat = 0, int passages = 2) => models.Reader(c).Key(question, [.. Bench.Context.Take(passages)], repeat).Id;
        string[] ids =
        [
            Id(config), Id(config, "Q"), Id(config, repeat: 1), Id(config, passages: 1), Id(config with { Model = "m" }), Id(config with { BaseUrl = "http://127.0.0.1:8/v1" }),
            Id(config with { Temperature = 0.1 }), Id(config with { Temperature = null }), Id(config with { Seed = 8 }), Id(config with { MaxOutputTokens = 98 }), Id(config with { Prompt = "prompts/ask-v2.md" }),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], Id(config with { KeyVariable = "ANOTHER" }));
        Assert.Equal(ids[0], _bench.Models(new CallConfig { MaxTries = 2 }).Reader(config).Key("q", Bench.Context).Id);
    }

    /// <summary>Cassettes outlive package updates: one that serialises requests otherwise would orphan them all.</summary>
    [Fact]
    public void A_request_keeps_its_id_for_ever() =>
        Assert.StartsWith("f60efca05bea7393d921c73afebaad2048eb23e2", _bench.Models().Reader(Bench.Chat("http://127.0.0.1:9/v1")).Key("How warm is it?", Bench.Context).Id);

    [Fact]
    public async Task A_cassette_that_was_edited_or_torn_is_refused_by_name()
    {
        await using var server = await ProtocolServer.StartAsync();
        var reader = _bench.Models().Reader(Bench.Chat(server.BaseUrl));
        await Ask(reader, 0, 1);
        var (file, text) = (_bench.Files[0], File.ReadAllText(_bench.Files[0]));
        foreach (var broken in new[] { text.Replace("Question: q0", "Question: q9"), text[..(text.Length / 2)], "null", "{}" })
        {
            File.WriteAllText(file, broken);
            Assert.Equal(file, (await Assert.ThrowsAsync<UserError>(() => Ask(reader, 0, 1))).File);
        }
    }
}

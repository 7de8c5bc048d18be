using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>Two chat systems evaluated from end to end against the protocol server: record, replay without it, faults, replies without form.</summary>
public sealed class EvaluationTests : IDisposable
{
    private const int Questions = 40;
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private void Write(string url, int repeats = 1) => _bench.WriteEvaluation(url, Questions, repeats);

    private Run Evaluate(string mode, bool resume = false, CancellationTokenSource? stop = null)
    {
        var config = RunConfig.Load(Path.Combine(_bench.Root, "configs", "run.yaml"), []);
        return new EvaluationRun(_bench.Root, config, SystemConfig.LoadAll(_bench.Root, config.Systems), Dataset.Load(_bench.Root, config.Data.Path), ChatModels.Load(_bench.Root, mode))
            .Execute("run", null, resume, (_, _) => { }, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private static string Right(string question) => ProtocolServer.Reply(true, question.Split(' ')[5] + ".5 bar", [1], "");

    private static string Cases(Run run) => File.ReadAllText(Path.Combine(run.Folder, "cases.jsonl"));

    [Fact]
    public async Task What_was_recorded_is_replayed_without_a_connection_to_the_same_bytes()
    {
        var server = await ProtocolServer.StartAsync(answer: Right);
        Write(server.BaseUrl);
        var recorded = Evaluate("record");
        var paid = server.Paid.Values.Sum();
        await server.DisposeAsync();
        var replayed = Evaluate("replay-or-fail");
        Assert.Equal(2 * Questions, paid);
        Assert.All(recorded.Cases, c => Assert.Equal("Correct", c.Outcome));
        Assert.Equal(Cases(recorded), Cases(replayed));
        var usage = replayed.Manifest.Resources!["models"]![0]!;
        Assert.Equal((2 * Questions, 2 * Questions, 0m), ((int)usage["calls"]!, (int)usage["replayed"]!, (decimal)usage["costAsRun"]!));
        var tokens = Enumerable.Range(1, Questions).Select(i => ProtocolServer.TokensOf($"At what pressure does pump {i} start?")).ToList();
        Assert.Equal(2 * tokens.Sum(t => t.Input), (long)usage["tokens"]!["input"]!);
        Assert.Equal(2 * tokens.Sum(t => (((t.Input - t.Cached) * 0.5m) + (t.Cached * 0.125m) + (t.Output * 2m)) / 1_000_000), (decimal)usage["costAsIfLive"]!);
    }

    [Fact]
    public async Task A_fifth_of_failing_calls_loses_no_case_and_only_what_fails_for_good_is_an_infrastructure_error()
    {
        await using var server = await ProtocolServer.StartAsync(answer: Right, fault: (question, attempt) =>
            question.Contains("pump 13 ") ? Fault.Error500 : int.Parse(question.Split(' ')[5]) % 5 == 0 && attempt == 0 ? Fault.Unavailable503 : null);
        Write(server.BaseUrl);
        var run = Evaluate("record");
        Assert.Equal(2 * Questions, run.Cases.Select(c => (c.Variant, c.Case)).Distinct().Count());
        Assert.Equal(["q13", "q13"], run.Cases.Where(c => c.Outcome == "InfraError").Select(c => c.Case));
        Assert.All(run.Cases.Where(c => c.Case != "q13"), c => Assert.Equal("Correct", c.Outcome));
        Assert.Equal(Questions - 1, run.LoadMetrics().Find("accuracy", "chat-v1")!.N);
        Assert.Equal(1, run.LoadMetrics().Find("accuracy", "chat-v1")!.Unscored);
        Assert.True(server.Tries.Values.Max() <= 2 * 3, "more tries than two systems may take");
    }

    [Fact]
    public async Task A_reply_without_the_agreed_form_is_an_outcome_of_its_own()
    {
        await using var server = await ProtocolServer.StartAsync(answer: question => question.Contains("pump 7 ") ? "I think it is 7.5 bar" : Right(question));
        Write(server.BaseUrl);
        var run = Evaluate("record");
        Assert.Equal(["q07", "q07"], run.Cases.Where(c => c.Outcome == "InvalidReply").Select(c => c.Case));
        Assert.Equal(-0.5, run.Cases.First(c => c.Case == "q07").Values["utility"]);
    }

    [Fact]
    public async Task A_run_that_was_stopped_pays_no_call_twice_when_it_goes_on()
    {
        await using var server = await ProtocolServer.StartAsync(answer: Right, delay: TimeSpan.FromMilliseconds(20));
        Write(server.BaseUrl);
        using var stop = new CancellationTokenSource(150);
        try { Evaluate("record", stop: stop); }
        catch (OperationCanceledException) { }
        var run = Evaluate("record", resume: true);
        Assert.Equal(2 * Questions, run.Cases.Count);
        Assert.Equal(2 * Questions, server.Paid.Values.Sum());
    }

    [Fact]
    public async Task Repeats_are_calls_of_their_own_and_one_case_a_question_with_pass_at_k_and_pass_to_the_k()
    {
        var asked = 0;
        await using var server = await ProtocolServer.StartAsync(answer: question => question.Contains("pump 7 ") && Interlocked.Increment(ref asked) % 3 == 0 ? ProtocolServer.Reply(true, "9 bar", [1], "") : Right(question));
        Write(server.BaseUrl, repeats: 3);
        File.Delete(Path.Combine(_bench.Root, "configs/systems/chat-v2.yaml"));
        var run = Evaluate("record");
        Assert.Equal((Questions, 3 * Questions, 3 * Questions), (run.Cases.Count, server.Requests, _bench.Files.Length));
        var seventh = run.Cases.Single(c => c.Case == "q07");
        Assert.Equal(("Correct", 1.0, 0.0), (seventh.Outcome, seventh.Values["pass@3"], seventh.Values["pass^3"]));
        Assert.Equal(2.0 / 3, seventh.Values["accuracy"], 1e-12);
        var metrics = run.LoadMetrics();
        Assert.Equal(1, metrics.Find("pass@3", "chat-v1")!.Value);
        Assert.Equal(1 - (1.0 / Questions), metrics.Find("pass^3", "chat-v1")!.Value!.Value, 1e-12);
        Assert.Equal((Questions, Questions), (metrics.Find("pass^3", "chat-v1")!.N, metrics.Find("pass^3", "chat-v1")!.Clusters));
        Assert.Null(metrics.Find("pass@5", "chat-v1"));
        Assert.Equal(3 * Questions, (int)run.Manifest.Resources!["models"]![0]!["calls"]!);
        Assert.Equal(Cases(run), Cases(Evaluate("replay-or-fail")));
        Assert.Equal(3 * Questions, server.Requests);
    }

    [Fact]
    public async Task Usage_of_a_run_that_was_stopped_and_resumed_counts_the_calls_of_both_parts()
    {
        await using var server = await ProtocolServer.StartAsync(answer: Right, delay: TimeSpan.FromMilliseconds(20));
        Write(server.BaseUrl, repeats: 2);
        using var stop = new CancellationTokenSource(300);
        try { Evaluate("record", stop: stop); }
        catch (OperationCanceledException) { }
        var usage = Evaluate("record", resume: true).Manifest.Resources!["models"]!.AsArray().Single()!;
        var tokens = Enumerable.Range(1, Questions).Select(i => ProtocolServer.TokensOf($"At what pressure does pump {i} start?")).Aggregate((a, b) => a + b);
        Assert.Equal(4 * Questions, (int)usage["calls"]!);
        Assert.Equal((4 * tokens.Input, 4 * tokens.Cached, 4 * tokens.Output, 4 * tokens.Reasoning), ((long)usage["tokens"]!["input"]!, (long)usage["tokens"]!["cached"]!, (long)usage["tokens"]!["output"]!, (long)usage["tokens"]!["reasoning"]!));
        Assert.Equal(4 * Bench.Prices.Cost("test-model", tokens), (decimal)usage["costAsIfLive"]!);
    }

    [Fact]
    public void Without_a_recorded_answer_a_chat_system_is_not_measured_and_says_what_to_do()
    {
        Write("http://127.0.0.1:9/v1");
        _bench.Write("configs/systems/bm25.yaml", "name: bm25\nabout: A test system.\nchunker: { type: sentence, size: 120 }\nretriever: { type: bm25 }\nreader: { type: extractive }\n");
        var text = File.ReadAllText(Path.Combine(_bench.Root, "configs/run.yaml"));
        _bench.Write("configs/run.yaml", text.Replace("baseline: chat-v1", "baseline: bm25"));
        var run = Evaluate("replay-or-fail");
        Assert.Equal(["bm25"], run.Variants);
        Assert.Contains($"{Bench.KeyVariable}=… dotnet run --project src/Cli -- run --cassettes record", (string?)run.Manifest.Facts!["not_measured"]!["chat-v1"]);
    }

    [Fact]
    public async Task Answers_on_record_of_one_system_do_not_make_another_measured_and_a_changed_prompt_fails_by_name()
    {
        var server = await ProtocolServer.StartAsync(answer: Right);
        Write(server.BaseUrl);
        var other = Path.Combine(_bench.Root, "configs/systems/chat-v2.yaml");
        var text = File.ReadAllText(other);
        File.Delete(other);
        Evaluate("record");
        await server.DisposeAsync();
        File.WriteAllText(other, text);
        Assert.Equal(["chat-v1"], Evaluate("replay-or-fail").Variants);
        _bench.Write("prompts/ask-v1.md", Bench.PromptText.Replace("Answer from", "Answer only from"));
        var error = Assert.Throws<AggregateException>(() => Evaluate("replay-or-fail")).InnerExceptions.OfType<UserError>().First();
        Assert.Equal(ExitCode.Incomplete, error.Code);
        Assert.Contains("no cassette for ask-v1@", error.Message);
    }

    [Fact]
    public async Task The_key_is_in_no_file_of_the_repository()
    {
        await using var server = await ProtocolServer.StartAsync(answer: Right, fault: (question, _) => question.Contains("pump 3 ") ? Fault.Unauthorized401 : null);
        Write(server.BaseUrl);
        Evaluate("record");
        Assert.All(Directory.GetFiles(_bench.Root, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain(Bench.Key, File.ReadAllText(f)));
    }
}

namespace PortfolioProject.Models.Tests;

public sealed class ReaderTests : IDisposable
{
    private readonly Bench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    private async Task<ChatReading> Read(string reply, Fault? fault = null)
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => fault, _ => reply);
        return await _bench.Models(Bench.Calls with { Cassettes = CassetteMode.Live }).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("When does it start?", Bench.Context, cancellation: Cancellation);
    }

    [Theory]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[1],"quote":""}""", ReplyOutcome.Answered)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[],"quote":""}""", ReplyOutcome.Answered)]
    [InlineData("""{"answerable":false,"answer":"","citations":[],"quote":""}""", ReplyOutcome.Abstained)]
    [InlineData("2.5 bar", ReplyOutcome.NotJson)]
    [InlineData("", ReplyOutcome.NotJson)]
    [InlineData("""{"answerable":true,"answer":"2.5""", ReplyOutcome.NotJson)]
    [InlineData("null", ReplyOutcome.WrongShape)]
    [InlineData("[]", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[1]}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":null,"citations":[1],"quote":""}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":"yes","answer":"2.5 bar","citations":[1],"quote":""}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":["1"],"quote":""}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[1],"quote":"","mood":"good"}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":"a","answer":"b","citations":[1],"quote":""}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":" ","citations":[1],"quote":""}""", ReplyOutcome.WrongShape)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[3],"quote":""}""", ReplyOutcome.CitationOutOfRange)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[1,0],"quote":""}""", ReplyOutcome.CitationOutOfRange)]
    [InlineData("""{"answerable":true,"answer":"2.5 bar","citations":[-1],"quote":""}""", ReplyOutcome.CitationOutOfRange)]
    public async Task A_reply_is_checked_strictly_and_an_invalid_one_is_an_outcome_of_its_own(string reply, ReplyOutcome outcome)
    {
        var reading = await Read(reply);
        Assert.Equal(outcome, reading.Outcome);
        Assert.Equal(outcome == ReplyOutcome.Answered ? "2.5 bar" : null, reading.Reading.Answer);
        Assert.Equal(outcome == ReplyOutcome.Answered ? 1 : 0, reading.Reading.Confidence);
        Assert.Equal(outcome is ReplyOutcome.Answered or ReplyOutcome.Abstained, reading.Problem is null);
        Assert.Equal(ProtocolServer.TokensOf("When does it start?"), reading.Tokens);
    }

    [Theory]
    [InlineData(Fault.Refusal, ReplyOutcome.Refused, "I would rather not")]
    [InlineData(Fault.Length, ReplyOutcome.Truncated, "max_output_tokens")]
    [InlineData(Fault.ContentFilter, ReplyOutcome.Refused, "content filter")]
    [InlineData(Fault.EmptyChoices, ReplyOutcome.NoChoices, "no choice")]
    public async Task A_refusal_a_cut_reply_and_an_empty_one_are_outcomes_and_are_billed(Fault fault, ReplyOutcome outcome, string problem)
    {
        var reading = await Read(ProtocolServer.Reply(true, "2.5 bar", [1], ""), fault);
        Assert.Equal((outcome, null, -1), (reading.Outcome, reading.Reading.Answer, reading.Reading.CitedPassage));
        Assert.Contains(problem, reading.Problem);
        Assert.NotNull(reading.Cost);
    }

    [Fact]
    public async Task The_quote_is_located_in_the_passage_that_holds_it_whatever_its_white_space()
    {
        var reading = await Read(ProtocolServer.Reply(true, "2.5 bar", [2, 1], " starts at 2.5\tbar. "));
        Assert.Equal(new Reading("2.5 bar", 1, 0, "pumps", 116, 136), reading.Reading);
        Assert.Equal("starts\n  at 2.5 bar.", Bench.Context[0].Chunk.Text[(116 - 100)..(136 - 100)]);
        Assert.Equal([1, 0], reading.Citations);
        Assert.True(reading.QuoteFound);
    }

    [Theory]
    [InlineData("closes at 5 bar", false)]
    [InlineData("The pump", false)]
    [InlineData("  ", null)]
    public async Task A_quote_that_the_cited_passage_does_not_hold_has_no_span(string quote, bool? found)
    {
        var reading = await Read(ProtocolServer.Reply(true, "4 bar", [2], quote));
        Assert.Equal(new Reading("4 bar", 1, 1, "valves", 0, 0), reading.Reading);
        Assert.Equal(found, reading.QuoteFound);
    }

    [Fact]
    public async Task An_answer_without_a_citation_cites_nothing() =>
        Assert.Equal(new Reading("4 bar", 1, -1, null, 0, 0), (await Read(ProtocolServer.Reply(true, "4 bar", [], "A valve"))).Reading);

    [Fact]
    public async Task The_request_holds_numbered_passages_every_option_and_the_schema()
    {
        await using var server = await ProtocolServer.StartAsync();
        await _bench.Models().Reader(Bench.Chat(server.BaseUrl) with { Temperature = 0.25 }).ReadAsync("When?", Bench.Context, cancellation: Cancellation);
        var body = Assert.Single(server.Bodies);
        Assert.Equal(("test-model", 0.25, 99, 7), ((string?)body["model"], (double?)body["temperature"], (int?)body["max_completion_tokens"], (int?)body["seed"]));
        Assert.Equal(["system", "user"], body["messages"]!.AsArray().Select(m => (string?)m!["role"]));
        Assert.Equal("[1] (pumps)\nThe pump at Osk starts\n  at 2.5 bar. It stops later.\n\n[2] (valves)\nA valve closes at 4 bar.\n\nQuestion: When?", (string?)body["messages"]![1]!["content"]);
        var format = body["response_format"]!;
        Assert.Equal(("json_schema", true, false), ((string?)format["type"], (bool?)format["json_schema"]!["strict"], (bool?)format["json_schema"]!["schema"]!["additionalProperties"]));
        Assert.Equal(["answerable", "answer", "citations", "quote"], format["json_schema"]!["schema"]!["required"]!.AsArray().Select(n => (string?)n));
    }

    [Fact]
    public async Task A_stream_adds_up_to_the_answer_with_its_usage_and_finish_reason()
    {
        await using var server = await ProtocolServer.StartAsync();
        using var client = new OpenAIChatClient(new Uri(server.BaseUrl), "test-model", Bench.KeyVariable);
        ChatMessage[] messages = [new(ChatRole.User, "Question: q")];
        var pieces = await client.GetStreamingResponseAsync(messages, cancellationToken: Cancellation).ToListAsync(Cancellation);
        var (whole, streamed) = (await client.GetResponseAsync(messages, cancellationToken: Cancellation), pieces.ToChatResponse());
        Assert.True(pieces.Count > 5);
        Assert.True((bool)server.Bodies.First()["stream"]!);
        Assert.Equal((whole.Text, whole.FinishReason, Tokens.Of(whole), whole.ModelId), (streamed.Text, streamed.FinishReason, Tokens.Of(streamed), streamed.ModelId));
        Assert.Equal(ProtocolServer.TokensOf("q"), Tokens.Of(streamed));
    }

    [Fact]
    public async Task A_decorated_stream_is_retried_and_kept_as_a_whole()
    {
        await using var server = await ProtocolServer.StartAsync((_, tried) => tried == 0 ? Fault.ResetInBody : null);
        var pieces = await _bench.Models().Client(Bench.Chat(server.BaseUrl)).GetStreamingResponseAsync("Question: q", cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Contains("answer to q", pieces.ToChatResponse().Text);
        Assert.Equal((2, 1), (server.Requests, _bench.Files.Length));
    }

    [Fact]
    public async Task A_broken_stream_is_a_typed_failure()
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => Fault.Error500);
        using var client = new OpenAIChatClient(new Uri(server.BaseUrl), "test-model", Bench.KeyVariable);
        var failure = await Assert.ThrowsAsync<ModelCallException>(async () => await client.GetStreamingResponseAsync("Question: q", cancellationToken: Cancellation).ToListAsync(Cancellation));
        Assert.Equal((FailureKind.Server, 500), (failure.Kind, failure.Status));
    }
}

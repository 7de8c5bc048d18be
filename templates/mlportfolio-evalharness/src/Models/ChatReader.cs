namespace PortfolioProject.Models;

/// <summary>What a model's reply was worth. All but the first two are failures of the model, not of the line: they are scored, not retried.</summary>
public enum ReplyOutcome { Answered, Abstained, NotJson, WrongShape, CitationOutOfRange, Truncated, Refused, NoChoices }

/// <summary>A reading and what it took. <c>Reading</c> is an abstention for an invalid reply; <c>Problem</c> then says what is wrong.</summary>
/// <param name="Citations">Indexes into the context.</param>
/// <param name="QuoteFound">Whether the quote stands in a cited passage; null without a quote. The reading's span is the quote's, 0 to 0 if not found.</param>
/// <param name="Tokens">Null: the endpoint did not say.</param>
/// <param name="Cost">As if live; null: unknown.</param>
public sealed record ChatReading(Reading Reading, ReplyOutcome Outcome, string? Problem, IReadOnlyList<int> Citations, string? Quote, bool? QuoteFound,
    CallFacts Call, Tokens? Tokens = null, decimal? Cost = null);

/// <summary>
/// Asks a chat model for a reply of a fixed JSON shape and checks it strictly. A call without an answer is a <see cref="ModelCallException"/>.
/// Confidence is 1 or 0: the model alone decides whether to abstain.
/// </summary>
public sealed class ChatReader(IChatClient client, Prompt prompt, ChatConfig config, PriceTable prices) : IReader
{
    private static readonly ChatResponseFormat Format = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""
        {"type":"object","properties":{"answerable":{"type":"boolean"},"answer":{"type":"string"},"citations":{"type":"array","items":{"type":"integer"}},"quote":{"type":"string"}},
        "required":["answerable","answer","citations","quote"],"additionalProperties":false}
        """), "answer_from_passages");

    /// <summary>Every field once, and no other.</summary>
    internal static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Reply(bool Answerable, string Answer, IReadOnlyList<int> Citations, string Quote);

    /// <summary>A call that failed, or a reply without form, is the reading's own matter and not the run's end.</summary>
    public Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0)
    {
        try
        {
            var r = ReadAsync(question, context, repeat).GetAwaiter().GetResult();
            return r.Reading with { Call = ModelUsage.Of(config.Model, prices, r.Tokens, r.Call).ToCall(r.Problem is null ? null : $"{r.Outcome}: {r.Problem}") };
        }
        catch (ModelCallException e) { return Reading.None with { Call = e.ToCall() }; }
    }

    public async Task<ChatReading> ReadAsync(string question, IReadOnlyList<Passage> context, int repeat = 0, CancellationToken cancellation = default)
    {
        var response = await client.GetResponseAsync(Messages(question, context), config.Options(prompt, question, repeat, Format), cancellation);
        var tokens = Tokens.Of(response);
        return Judge(response, context) with { Tokens = tokens, Cost = prices.Cost(config.Model, tokens) };
    }

    public int PromptCharacters(string question, IReadOnlyList<Passage> context) => Messages(question, context).Sum(m => m.Text.Length);

    /// <summary>The length of a reply; an answer of null declines.</summary>
    public static int ReplyCharacters(string? answer, string quote) => JsonSerializer.Serialize(new Reply(answer is not null, answer ?? "", [1], quote), Strict).Length;

    /// <summary>The cassette that a question needs; asks nobody.</summary>
    public CassetteKey Key(string question, IReadOnlyList<Passage> context, int repeat = 0) => CassetteKey.Of(Messages(question, context), config.Options(prompt, question, repeat, Format));

    private IReadOnlyList<ChatMessage> Messages(string question, IReadOnlyList<Passage> context) =>
        prompt.Render(question, string.Join("\n\n", context.Select((p, i) => $"[{i + 1}] ({p.Chunk.DocumentId})\n{p.Chunk.Text.Trim()}")));

    private static ChatReading Judge(ChatResponse response, IReadOnlyList<Passage> context)
    {
        ChatReading Silent(ReplyOutcome outcome, string? problem) => new(Reading.None, outcome, problem, [], null, null, CallFacts.Of(response));
        if (response.Messages.Count == 0) return Silent(ReplyOutcome.NoChoices, "the reply holds no choice");
        if (response.Messages[0].Contents.OfType<ErrorContent>().FirstOrDefault() is { } refusal) return Silent(ReplyOutcome.Refused, refusal.Message);
        if (response.FinishReason == ChatFinishReason.ContentFilter) return Silent(ReplyOutcome.Refused, "stopped by a content filter");
        if (response.FinishReason == ChatFinishReason.Length) return Silent(ReplyOutcome.Truncated, "the reply ran into max_output_tokens");
        var isJson = false;
        try
        {
            isJson = JsonNode.Parse(response.Text) is var json;
            var reply = json.Deserialize<Reply>(Strict) ?? throw new JsonException("the reply is null");
            if (!reply.Answerable) return Silent(ReplyOutcome.Abstained, null);
            if (string.IsNullOrWhiteSpace(reply.Answer)) return Silent(ReplyOutcome.WrongShape, "answerable, but the answer is empty");
            foreach (var c in reply.Citations.Where(c => c < 1 || c > context.Count)) return Silent(ReplyOutcome.CitationOutOfRange, $"passage {c} of {context.Count}");
            return Answered(reply, context, CallFacts.Of(response));
        }
        catch (JsonException e) { return Silent(isJson ? ReplyOutcome.WrongShape : ReplyOutcome.NotJson, e.Message); }
    }

    /// <summary>The quote is looked for in the cited passages, white space folded; the passage that holds it is the one cited, else the first.</summary>
    private static ChatReading Answered(Reply reply, IReadOnlyList<Passage> context, CallFacts call)
    {
        var cited = reply.Citations.Select(c => c - 1).ToList();
        var pattern = string.Join(@"\s+", reply.Quote.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape));
        var at = cited.FirstOrDefault(c => Regex.IsMatch(context[c].Chunk.Text, pattern), cited.FirstOrDefault(-1));
        var (chunk, quoted) = (at < 0 ? null : context[at].Chunk, pattern.Length > 0);
        var match = quoted && chunk is not null ? Regex.Match(chunk.Text, pattern) : Match.Empty;
        var start = match.Success ? chunk!.Start + match.Index : 0;
        return new(new Reading(reply.Answer.Trim(), 1, at, chunk?.DocumentId, start, start + match.Length), ReplyOutcome.Answered, null, cited, reply.Quote,
            quoted ? match.Success : null, call);
    }
}

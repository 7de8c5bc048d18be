namespace PortfolioProject.Models;

/// <summary>
/// What became of one item. Verdict: a label, "abstained" or "unparsed", whichever holds more than half of the votes, else "abstained"; null when a
/// call failed. Consistency: the largest share of votes. Replies: what the model said, call by call.
/// </summary>
public sealed record Judgement(string? Verdict, double Consistency, IReadOnlyList<string> Replies, ModelCall Call);

/// <summary>
/// A model that grades answers by a rubric. Two answers are shown in both orders, and an item whose verdict flips with the order is abstained
/// from (Zheng et al., "Judging LLM-as-a-Judge", 2023); the verdict is the majority over repeats.
/// </summary>
public sealed class Judge(IChatClient client, Prompt prompt, ChatConfig config, PriceTable prices, int repeats)
{
    internal const string Unparsed = "unparsed", Abstained = "abstained";

    private sealed record Reply(string Reason, string Verdict);

    public async Task<Judgement> GradeAsync(JudgeItem item, CancellationToken cancellation = default)
    {
        var (replies, votes, usage) = (new List<string>(), new List<string>(), ModelUsage.None(config.Model, prices));
        async Task<string> Ask(string first, string? second, int repeat)
        {
            var verdicts = second is null ? item.Labels : ["first", "second", "tie"];
            var response = await client.GetResponseAsync(prompt.Render(item.Question, Material(item.Reference, first, second)), config.Options(prompt, item.Question, repeat, Format(verdicts)), cancellation);
            usage += ModelUsage.Of(config.Model, prices, Tokens.Of(response), CallFacts.Of(response));
            replies.Add(Parse(response, verdicts));
            return replies[^1];
        }

        try
        {
            for (var repeat = 0; repeat < repeats; repeat++)
                votes.Add(item.B is null ? await Ask(item.A, null, repeat) : Vote(await Ask(item.A, item.B, repeat), await Ask(item.B, item.A, repeat)));
        }
        catch (ModelCallException e) { return new(null, 0, replies, usage.ToCall() with { Failure = e.Message }); }
        var most = votes.CountBy(v => v).MaxBy(v => v.Value);
        return new(2 * most.Value > repeats ? most.Key : Abstained, (double)most.Value / repeats, replies, usage.ToCall());
    }

    private static string Vote(string straight, string turned) => straight == Unparsed || turned == Unparsed ? Unparsed
        : (straight, turned) switch { ("first", "second") => "a", ("second", "first") => "b", ("tie", "tie") => "tie", _ => Abstained };

    private static string Material(string reference, string first, string? second) =>
        $"Reference:\n{reference}\n\n" + (second is null ? $"Answer:\n{first}" : $"First answer:\n{first}\n\nSecond answer:\n{second}");

    private static ChatResponseFormat Format(IEnumerable<string> verdicts) => ChatResponseFormat.ForJsonSchema(JsonElement.Parse(
        """{"type":"object","properties":{"reason":{"type":"string"},"verdict":{"type":"string","enum":[""" + string.Join(",", verdicts.Select(v => $"\"{v}\"")) + """]}},"required":["reason","verdict"],"additionalProperties":false}"""), "verdict");

    private static string Parse(ChatResponse response, IReadOnlyList<string> allowed)
    {
        try { return JsonSerializer.Deserialize<Reply>(response.Text, ChatReader.Strict) is { } reply && allowed.Contains(reply.Verdict) ? reply.Verdict : Unparsed; }
        catch (JsonException) { return Unparsed; }
    }
}

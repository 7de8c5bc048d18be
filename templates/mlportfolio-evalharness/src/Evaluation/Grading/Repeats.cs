namespace PortfolioProject.Evaluation;

/// <summary>
/// Several asks of one question through one system, reduced to one case: pairing and clustering stay those of questions. Values are means over
/// the asks that have them; outcome and detail are those of the most frequent outcome (of equally frequent ones the first) among scored asks.
/// </summary>
public static class Repeats
{
    private static readonly int[] Cutoffs = [2, 3, 5, 10];

    /// <summary>Beside the main metrics, where a system is asked more than once; a cutoff beyond its repeats has no value.</summary>
    public static IReadOnlyList<MetricDefinition> Definitions { get; } = HarnessMetrics.Of("repeats");

    /// <summary>1 − C(n−c, k) / C(n, k): Chen et al., "Evaluating Large Language Models Trained on Code" (2021).</summary>
    public static double PassAt(int k, int n, int c) => 1 - PassAll(k, n, n - c);

    /// <summary>C(c, k) / C(n, k), as the product of (c − i) / (n − i): Yao et al., "τ-bench" (2024). 1 ≤ k ≤ n.</summary>
    public static double PassAll(int k, int n, int c) => Enumerable.Range(0, k).Aggregate(1.0, (p, i) => p * (c - i) / (n - i));

    public static (CaseRecord Case, TimingRecord Timing) Reduce(IReadOnlyList<(CaseRecord Case, TimingRecord Timing)> asks)
    {
        if (asks.Count == 1) return asks[0];
        var scored = asks.Select(a => a.Case).Where(c => c.Values.ContainsKey("accuracy")).ToList();
        var typical = (scored.Count > 0 ? scored : [.. asks.Select(a => a.Case)]).GroupBy(c => c.Outcome).MaxBy(g => g.Count())!.First();
        var values = asks.SelectMany(a => a.Case.Values).GroupBy(v => v.Key, v => v.Value).ToDictionary(g => g.Key, g => g.Average());
        var unscored = typical.Unscored?.ToDictionary() ?? [];
        if (scored.Count > 1) values["agreement"] = scored.CountBy(Said).Sum(g => Pairs(g.Value)) / Pairs(scored.Count);
        foreach (var k in Cutoffs.Where(k => k <= asks.Count))
            if (scored.Count < k) unscored[$"pass@{k}"] = unscored[$"pass^{k}"] = $"{scored.Count} of {asks.Count} repeats were scored";
            else (values[$"pass@{k}"], values[$"pass^{k}"]) = (PassAt(k, scored.Count, scored.Count(IsRight)), PassAll(k, scored.Count, scored.Count(IsRight)));
        var detail = (JsonObject)typical.Detail!.DeepClone();
        detail["repeats"] = new JsonArray([.. asks.Select(a => (JsonNode)new JsonObject { ["outcome"] = a.Case.Outcome, ["answer"] = a.Case.Detail!["answer"]?.DeepClone(), ["call"] = a.Case.Detail["call"]?.DeepClone() })]);
        return (typical with { Values = values, Unscored = unscored.Count > 0 ? unscored : null, Detail = detail }, Sum([.. asks.Select(a => a.Timing)]));
    }

    /// <summary>A line for each cutoff that a system's repeats allow.</summary>
    internal static IEnumerable<object> Report(MetricTable metrics, string system) => Cutoffs.Where(k => metrics.Find($"pass@{k}", system)?.Value is not null)
        .Select(k => new { name = system, k, any = metrics.Find($"pass@{k}", system), all = metrics.Find($"pass^{k}", system), agreement = metrics.Find("agreement", system) });

    private static bool IsRight(CaseRecord ask) => ask.Values["accuracy"] == 1;

    private static string Said(CaseRecord ask) => (string?)ask.Detail?["answer"] is { } answer ? "= " + AnswerMetrics.Normalize(answer) : ask.Outcome;

    private static double Pairs(int n) => n * (n - 1) / 2;

    /// <summary>Milliseconds are means over the asks, tokens and retries sums.</summary>
    private static TimingRecord Sum(IReadOnlyList<TimingRecord> asks) => asks[0] with
    {
        Milliseconds = asks[0].Milliseconds.Keys.ToDictionary(stage => stage, stage => asks.Average(a => a.Milliseconds[stage])),
        InputTokens = asks.Sum(a => a.InputTokens),
        CachedTokens = asks.Sum(a => a.CachedTokens),
        OutputTokens = asks.Sum(a => a.OutputTokens),
        Retries = asks.Sum(a => a.Retries),
        Detail = new JsonObject { ["calls"] = new JsonArray([.. asks.SelectMany(a => a.Detail?["calls"]?.AsArray() ?? []).Select(c => c?.DeepClone())]) },
    };
}

namespace PortfolioProject.Evaluation;

/// <summary>A metric's row in <c>metrics.yaml</c>.</summary>
public sealed record MetricText
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public string Unit { get; init; } = "share";
    public Direction Good { get; init; } = Direction.Higher;
    public required string Over { get; init; }
    public bool Headline { get; init; }
    public IntervalMethod Method { get; init; } = IntervalMethod.ClusterBootstrap;
    public required string Definition { get; init; }
}

/// <summary>The metrics of each kind of run. The value of a metric is the mean over the cases that have it.</summary>
public static class HarnessMetrics
{
    private static readonly Dictionary<string, IReadOnlyList<MetricText>> Kinds = StrictYaml.Parse<Dictionary<string, IReadOnlyList<MetricText>>>(HtmlReport.Resource("metrics.yaml"), "metrics.yaml");

    public static IReadOnlyList<RankingMeasure> Ranking { get; } = [RankingMeasures.Parse("ndcg@10"), RankingMeasures.Parse("mrr@10"), RankingMeasures.Parse("recall@10")];

    /// <summary>What the main run measures.</summary>
    public static IReadOnlyList<MetricDefinition> Main { get; } = Of(EvaluationRun.Kind);

    public static IReadOnlyList<MetricDefinition> Of(string kind) => [.. Kinds[kind].Select(m => new MetricDefinition(m.Name, m.Title, m.Unit, m.Good, m.Over,
        Ranking.FirstOrDefault(r => r.Name == m.Name) is { } measure ? $"{measure.Definition} {m.Definition}" : m.Definition) { Headline = m.Headline, Method = m.Method })];
}

namespace PortfolioProject.Evidence;

/// <summary>What a repository plugs into the shared verbs.</summary>
public sealed record Portfolio
{
    /// <summary>The repository's root folder.</summary>
    public required string Root { get; init; }

    public required IReadOnlyList<MetricDefinition> Metrics { get; init; }

    /// <summary>metrics.json of a run, from its cases alone.</summary>
    public required Func<Run, MetricTable> Measure { get; init; }

    /// <summary>Charts of a pinned run: file name → SVG.</summary>
    public Func<Run, IReadOnlyDictionary<string, string>> Charts { get; init; } = _ => new Dictionary<string, string>();

    /// <summary>More data for blocks, merged over the shared model.</summary>
    public Func<Run, MetricTable, JsonObject> Model { get; init; } = (_, _) => [];

    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>Cases that comparisons and gates are taken over, such as the test split.</summary>
    public Func<CaseRecord, bool> Scope { get; init; } = _ => true;

    /// <summary>The variant that the others are compared with in blocks; none when null.</summary>
    public string? BaselineVariant { get; init; }

    internal MetricDefinition Metric(string name, string? where = null) => Metrics.FirstOrDefault(m => m.Name == name)
        ?? throw new UserError($"unknown metric {UserError.Quote(name)}", where, fix: ClosestName.Suggest(name, Metrics.Select(m => m.Name)));
}

namespace PortfolioProject.Evidence;

/// <summary>
/// What one variant did on one case (a question, a held-out row, a seed × cell): one line of cases.jsonl, the source of every number.
/// It holds no time and nothing else that a second run would change.
/// </summary>
public sealed record CaseRecord
{
    /// <summary>Unique within a variant; comparisons pair by it.</summary>
    public required string Case { get; init; }

    /// <summary>The thing compared: a system, a model, a step.</summary>
    public required string Variant { get; init; }

    /// <summary>Cases of one cluster share a source and are resampled together.</summary>
    public required string Cluster { get; init; }

    public required string Outcome { get; init; }

    /// <summary>Slice dimensions: "split", "type", "difficulty", …</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Metric name → this case's value; a metric that does not apply is absent.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init => field = value ?? new Dictionary<string, double>(); } = new Dictionary<string, double>();

    /// <summary>Metric name → why it could not be scored; counted and printed, never a 0.</summary>
    public IReadOnlyDictionary<string, string>? Unscored { get; init; }

    /// <summary>The template's own payload.</summary>
    public JsonObject? Detail { get; init; }

    /// <summary>The same record with sorted keys, so that its bytes do not depend on the order of insertion.</summary>
    internal CaseRecord Normalized() => this with { Tags = Sorted(Tags), Values = Sorted(Values), Unscored = Unscored is null ? null : Sorted(Unscored) };

    internal static SortedDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> items) => new(items.ToDictionary(), StringComparer.Ordinal);
}

/// <summary>What one case took: milliseconds by stage, tokens as billed, retries. Never gated, never compared byte for byte.</summary>
public sealed record TimingRecord
{
    public required string Case { get; init; }
    public required string Variant { get; init; }
    public required IReadOnlyDictionary<string, double> Milliseconds { get; init; }
    public long InputTokens { get; init; }
    public long CachedTokens { get; init; }
    public long OutputTokens { get; init; }
    public int Retries { get; init; }

    /// <summary>The template's own payload.</summary>
    public JsonObject? Detail { get; init; }
}

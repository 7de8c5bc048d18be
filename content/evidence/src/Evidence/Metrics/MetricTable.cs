namespace PortfolioProject.Evidence;

/// <summary>One number with what it is worth: a metric of one variant, overall or in one slice. <see cref="Value"/> is null when not measured.</summary>
public sealed record MetricRow
{
    public required string Name { get; init; }

    public required string Variant { get; init; }

    /// <summary>"type=numeric", or null for all cases in scope.</summary>
    public string? Slice { get; init; }

    public double? Value { get; init; }

    public Interval? Interval { get; init; }

    /// <summary>Cases that have the value.</summary>
    public int N { get; init; }

    public int Clusters { get; init; }

    /// <summary>Cases that could not be scored: not in the mean.</summary>
    public int Unscored { get; init; }

    public string Unit { get; init; } = "";

    public Direction Direction { get; init; }

    public string Denominator { get; init; } = "";

    /// <summary>What to distrust: "few clusters", "too small", "won by null system …".</summary>
    public string? Flag { get; init; }
}

/// <summary>How a table is measured.</summary>
public sealed record MeasureOptions
{
    /// <summary>Which cases count, such as the test split.</summary>
    public Func<CaseRecord, bool> Scope { get; init; } = _ => true;

    /// <summary>Tags to slice by.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Metrics to slice; the headline ones when null.</summary>
    public IReadOnlyCollection<string>? SliceMetrics { get; init; }

    public int Resamples { get; init; } = 10_000;

    /// <summary>Variants that know nothing: a metric that one of them wins is flagged.</summary>
    public IReadOnlySet<string> NullVariants { get; init; } = new HashSet<string>();
}

/// <summary>metrics.json: computed from cases alone.</summary>
public sealed record MetricTable(IReadOnlyList<MetricRow> Rows)
{
    /// <summary>Below this an interval is not to be relied on.</summary>
    internal const int FewClusters = 10;

    private const int FewCases = 10;

    public MetricRow? Find(string name, string variant, string? slice = null) =>
        Rows.FirstOrDefault(r => r.Name == name && r.Variant == variant && r.Slice == slice);

    /// <summary>
    /// Every metric of every variant: the mean over the cases that have it (over seeds: the mean of seed means), with its interval. All metrics
    /// share one random stream, so adding one moves none.
    /// </summary>
    public static MetricTable Measure(IReadOnlyList<CaseRecord> cases, IReadOnlyList<MetricDefinition> definitions, long seed, MeasureOptions? options = null)
    {
        var o = options ?? new MeasureOptions();
        var variants = cases.Where(o.Scope).OrderBy(c => (c.Variant, c.Case), Key.Order).GroupBy(c => c.Variant).ToList();
        var plan =
            from definition in definitions
            from variant in variants
            from slice in Slices(variant, o.SliceMetrics?.Contains(definition.Name) ?? definition.Headline ? o.Slices : [])
            select (Definition: definition, slice.Name, slice.Cases);
        var rows = plan.ToList().AsParallel().AsOrdered().Select(p => Measure(p.Definition, p.Name, p.Cases, seed, o.Resamples)).ToList();
        var won = definitions.Select(d => (d.Name, Winner: NullWinner([.. rows.Where(r => r.Name == d.Name && r.Slice is null && r.Value is not null)], o.NullVariants)))
            .Where(w => w.Winner is not null).ToDictionary(w => w.Name, w => w.Winner);
        return new MetricTable([.. rows.Select(r => won.TryGetValue(r.Name, out var winner) ? r with { Flag = Flags(r.Flag, $"won by null system {winner}") } : r)]);
    }

    /// <summary>All cases (name null), then one slice a value of each tag, ordinal.</summary>
    internal static IEnumerable<(string? Name, IReadOnlyList<CaseRecord> Cases)> Slices(IEnumerable<CaseRecord> cases, IEnumerable<string> tags) =>
        tags.SelectMany(tag => cases.Where(c => c.Tags.ContainsKey(tag)).GroupBy(c => c.Tags[tag]).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Name: (string?)$"{tag}={g.Key}", Cases: (IReadOnlyList<CaseRecord>)[.. g]))).Prepend((null, [.. cases]));

    private static MetricRow Measure(MetricDefinition d, string? slice, IReadOnlyList<CaseRecord> cases, long seed, int resamples)
    {
        var scored = cases.Where(c => c.Values.ContainsKey(d.Name)).Select(c => (c.Cluster, Value: c.Values[d.Name])).ToList();
        var clusters = Clusters.Of(scored);
        var row = new MetricRow
        {
            Name = d.Name,
            Variant = cases[0].Variant,
            Slice = slice,
            N = scored.Count,
            Clusters = clusters.Count,
            Unscored = cases.Count(c => c.Unscored?.ContainsKey(d.Name) == true),
            Unit = d.Unit,
            Direction = d.Direction,
            Denominator = d.Denominator,
        };
        return scored.Count == 0 ? row : row with
        {
            Value = d.Method == IntervalMethod.TOverSeeds ? Statistics.Mean(clusters.Means) : Statistics.Mean([.. scored.Select(s => s.Value)]),
            Interval = d.Method == IntervalMethod.Wilson ? Statistics.WilsonInterval(scored.Sum(s => s.Value), scored.Count)
                : clusters.Count < 2 ? null
                : d.Method == IntervalMethod.TOverSeeds ? Statistics.TInterval(clusters.Means)
                : Statistics.PercentileInterval(Statistics.ClusterBootstrap(clusters, new RandomStream(seed, Statistics.BootstrapStream), resamples)),
            Flag = Flags(slice is not null && scored.Count < FewCases ? "too small" : null,
                clusters.Count < FewClusters && d.Method == IntervalMethod.ClusterBootstrap ? "few clusters" : null),
        };
    }

    private static string? NullWinner(List<MetricRow> rows, IReadOnlySet<string> nulls)
    {
        if (rows.Count == 0 || rows[0].Direction == Direction.None || rows.All(r => nulls.Contains(r.Variant)))
            return null;
        var best = rows[0].Direction == Direction.Higher ? rows.Max(r => r.Value) : rows.Min(r => r.Value);
        return rows.FirstOrDefault(r => r.Value == best && nulls.Contains(r.Variant))?.Variant;
    }

    private static string? Flags(params string?[] flags) => flags.Where(f => f is not null).ToList() is { Count: > 0 } some ? string.Join("; ", some) : null;
}

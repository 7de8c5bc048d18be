namespace PortfolioProject.Evidence;

/// <summary>
/// One number with what it is worth: a metric of one variant, overall (slice null) or in one slice ("type=numeric"). Value: null when not
/// measured. N: cases that have it. Unscored: cases that could not be scored, not in the mean. Flag: what to distrust, such as "few clusters",
/// "too small", "won by null system …".
/// </summary>
public sealed record MetricRow(string Name, string Variant, int N, int Clusters, int Unscored, string Unit, Direction Direction, string Denominator,
    string? Slice = null, double? Value = null, Interval? Interval = null, string? Flag = null);

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
    private const int FewClusters = 10, FewCases = 10;

    public MetricRow? Find(string name, string variant, string? slice = null) => Rows.FirstOrDefault(r => r.Name == name && r.Variant == variant && r.Slice == slice);

    /// <summary>
    /// Every metric of every variant: the mean over the cases that have it (over seeds: the mean of seed means), with its interval. All metrics
    /// share one random stream, so adding one moves none.
    /// </summary>
    public static MetricTable Measure(IReadOnlyList<CaseRecord> cases, IReadOnlyList<MetricDefinition> definitions, long seed, MeasureOptions? options = null)
    {
        var o = options ?? new MeasureOptions();
        var plan =
            from definition in definitions
            from variant in cases.Where(o.Scope).OrderBy(c => (c.Variant, c.Case), Run.Order).GroupBy(c => c.Variant)
            from slice in Slices([.. variant], o.SliceMetrics?.Contains(definition.Name) ?? definition.Headline ? o.Slices : [])
            select (Definition: definition, slice.Name, slice.Cases);
        var rows = plan.ToList().AsParallel().AsOrdered().Select(p => Measure(p.Definition, p.Name, p.Cases, seed, o.Resamples)).ToList();
        var won = rows.Where(r => r is { Slice: null, Value: not null }).GroupBy(r => r.Name).ToDictionary(g => g.Key, g => NullWinner([.. g], o.NullVariants));
        return new MetricTable([.. rows.Select(r => won.GetValueOrDefault(r.Name) is { } winner ? r with { Flag = Flags(r.Flag, $"won by null system {winner}") } : r)]);
    }

    /// <summary>All cases (name null), then one slice a value of each tag, ordinal.</summary>
    internal static IEnumerable<(string? Name, IReadOnlyList<CaseRecord> Cases)> Slices(IReadOnlyList<CaseRecord> cases, IEnumerable<string> tags) =>
        tags.SelectMany(tag => cases.Where(c => c.Tags.ContainsKey(tag)).GroupBy(c => c.Tags[tag]).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Name: (string?)$"{tag}={g.Key}", Cases: (IReadOnlyList<CaseRecord>)[.. g]))).Prepend((null, cases));

    private static MetricRow Measure(MetricDefinition d, string? slice, IReadOnlyList<CaseRecord> cases, long seed, int resamples)
    {
        var scored = cases.Where(c => c.Values.ContainsKey(d.Name)).Select(c => (c.Cluster, Value: c.Values[d.Name])).ToList();
        var (clusters, overSeeds) = (Clusters.Of(scored), d.Method == IntervalMethod.TOverSeeds);
        double? value = scored.Count == 0 ? null : Statistics.Mean(overSeeds ? clusters.Means : [.. scored.Select(s => s.Value)]);
        var interval = value is null ? null : d.Method == IntervalMethod.Wilson ? Statistics.WilsonInterval(scored.Sum(s => s.Value), scored.Count)
            : clusters.Count < 2 ? null : overSeeds ? Statistics.TInterval(clusters.Means)
            : Statistics.PercentileInterval(Statistics.ClusterBootstrap(clusters, new RandomStream(seed, Statistics.BootstrapStream), resamples));
        var flag = value is null ? null : Flags(slice is not null && scored.Count < FewCases ? "too small" : null,
            clusters.Count < FewClusters && d.Method == IntervalMethod.ClusterBootstrap ? "few clusters" : null);
        return new MetricRow(d.Name, cases[0].Variant, scored.Count, clusters.Count, cases.Count(c => c.Unscored?.ContainsKey(d.Name) == true), d.Unit, d.Direction,
            d.Denominator, slice, value, interval, flag);
    }

    private static string? NullWinner(List<MetricRow> rows, IReadOnlySet<string> nulls)
    {
        if (rows[0].Direction == Direction.None || rows.All(r => nulls.Contains(r.Variant))) return null;
        var best = rows[0].Direction == Direction.Higher ? rows.Max(r => r.Value) : rows.Min(r => r.Value);
        return rows.FirstOrDefault(r => r.Value == best && nulls.Contains(r.Variant))?.Variant;
    }

    private static string? Flags(params string?[] flags) => string.Join("; ", flags.Where(f => f is not null)) is { Length: > 0 } some ? some : null;
}

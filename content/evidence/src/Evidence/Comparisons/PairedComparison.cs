namespace PortfolioProject.Evidence;

/// <summary>
/// Compares two variants case by case: interval by paired cluster bootstrap (t over seeds where cases are seeds), p by sign flips over clusters,
/// Holm over the metrics of the table (slices are a family of their own).
/// </summary>
public static class PairedComparison
{
    /// <summary>Metrics without a good direction, and those with no pair, are left out.</summary>
    public static IReadOnlyList<Comparison> Compare(IReadOnlyList<CaseRecord> baseline, IReadOnlyList<CaseRecord> candidate,
        IReadOnlyList<MetricDefinition> definitions, long seed, Func<CaseRecord, bool>? scope = null, IReadOnlyList<string>? slices = null, int resamples = 10_000)
    {
        var others = candidate.Where(scope ?? (_ => true)).ToDictionary(c => c.Case);
        var cases = baseline.Where(scope ?? (_ => true)).OrderBy(c => c.Case, StringComparer.Ordinal).ToList();
        var fresh = others.Values.ExceptBy(cases.Select(c => c.Case), c => c.Case).ToList();
        var plan =
            from definition in definitions
            where definition.Direction != Direction.None
            from slice in MetricTable.Slices(cases, slices ?? [])
            select (Definition: definition, slice.Name, slice.Cases);
        var all = plan.ToList().AsParallel().AsOrdered().Select(p => Compare(p.Definition, p.Name, p.Cases, others, fresh, seed, resamples)).OfType<Comparison>().ToList();
        return [.. Adjust([.. all.Where(c => c.Slice is null)]), .. Adjust([.. all.Where(c => c.Slice is not null)])];
    }

    private static Comparison? Compare(MetricDefinition d, string? slice, IReadOnlyList<CaseRecord> cases, Dictionary<string, CaseRecord> others,
        List<CaseRecord> fresh, long seed, int resamples)
    {
        var pairs = cases.Where(c => c.Values.ContainsKey(d.Name) && others.TryGetValue(c.Case, out var other) && other.Values.ContainsKey(d.Name))
            .Select(c => (c.Cluster, Baseline: c.Values[d.Name], Candidate: others[c.Case].Values[d.Name])).ToList();
        if (pairs.Count == 0)
            return null;
        var oneSided = cases.Count(c => c.Values.ContainsKey(d.Name) != (others.TryGetValue(c.Case, out var o) && o.Values.ContainsKey(d.Name)))
            + (slice is null ? fresh.Count(c => c.Values.ContainsKey(d.Name)) : 0);
        var sign = d.Direction == Direction.Higher ? 1 : -1;
        var clusters = Clusters.Of(pairs.Select(p => (p.Cluster, sign * (p.Candidate - p.Baseline))));
        var (overSeeds, means) = (d.Method == IntervalMethod.TOverSeeds, clusters.Means);
        var difference = overSeeds ? Statistics.Mean(means) : Statistics.Mean([.. pairs.Select(p => sign * (p.Candidate - p.Baseline))]);
        double[] distribution = overSeeds || clusters.Count < 2 ? [] : Statistics.ClusterBootstrap(clusters, new RandomStream(seed, Statistics.BootstrapStream), resamples);
        var interval = clusters.Count < 2 ? new Interval(difference, difference, "one cluster: no interval")
            : overSeeds ? Statistics.TInterval(means) : Statistics.PercentileInterval(distribution);
        var error = clusters.Count < 2 ? 0 : overSeeds ? Statistics.StandardDeviation(means) / Math.Sqrt(means.Length) : Statistics.StandardDeviation(distribution);
        var p = Statistics.SignFlip(overSeeds ? means : clusters.Sums, new RandomStream(seed, Statistics.SignFlipStream), resamples);
        return new Comparison(d.Name, slice, Statistics.Mean([.. pairs.Select(x => x.Baseline)]), Statistics.Mean([.. pairs.Select(x => x.Candidate)]),
            difference, interval, p, p, 2.8 * error, pairs.Count, clusters.Count, Verdict.NoEvidence)
        { Unpaired = oneSided };
    }

    private static IEnumerable<Comparison> Adjust(IReadOnlyList<Comparison> family) =>
        family.Zip(Statistics.Holm([.. family.Select(c => c.P)]), (c, p) => c with { AdjustedP = p, Verdict = Comparison.Judge(c.Interval, p) });
}

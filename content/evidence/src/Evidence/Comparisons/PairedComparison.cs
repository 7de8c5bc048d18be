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
        var (before, after) = (ByCase(baseline.Where(scope ?? (_ => true))), ByCase(candidate.Where(scope ?? (_ => true))));
        var either = before.Values.Concat(after.Values.Where(c => !before.ContainsKey(c.Case))).OrderBy(c => c.Case, StringComparer.Ordinal).ToList();
        var plan =
            from definition in definitions
            where definition.Direction != Direction.None
            from slice in MetricTable.Slices(either, slices ?? [])
            select (Definition: definition, slice.Name, Pairs: slice.Cases.Select(c => (before.GetValueOrDefault(c.Case), after.GetValueOrDefault(c.Case))));
        var all = plan.ToList().AsParallel().AsOrdered().Select(p => Compare(p.Definition, p.Name, p.Pairs, seed, resamples)).OfType<Comparison>().ToList();
        return [.. Adjust([.. all.Where(c => c.Slice is null)]), .. Adjust([.. all.Where(c => c.Slice is not null)])];
    }

    private static Comparison? Compare(MetricDefinition d, string? slice, IEnumerable<(CaseRecord? Before, CaseRecord? After)> cases, long seed, int resamples)
    {
        double? Value(CaseRecord? c) => c is not null && c.Values.TryGetValue(d.Name, out var value) ? value : null;
        var known = cases.Select(c => (Cluster: (c.Before ?? c.After)!.Cluster, Before: Value(c.Before), After: Value(c.After))).ToList();
        var pairs = known.Where(k => k is { Before: not null, After: not null }).Select(k => (k.Cluster, Before: k.Before!.Value, After: k.After!.Value)).ToList();
        if (pairs.Count == 0) return null;
        var sign = d.Direction == Direction.Higher ? 1 : -1;
        var (clusters, overSeeds) = (Clusters.Of(pairs.Select(p => (p.Cluster, sign * (p.After - p.Before)))), d.Method == IntervalMethod.TOverSeeds);
        var difference = Statistics.Mean(overSeeds ? clusters.Means : [.. pairs.Select(p => sign * (p.After - p.Before))]);
        var p = Statistics.SignFlip(overSeeds ? clusters.Means : clusters.Sums, new RandomStream(seed, Statistics.SignFlipStream), resamples);
        var (interval, error) = (new Interval(difference, difference, "one cluster: no interval"), 0.0);
        if (clusters.Count > 1 && overSeeds)
            (interval, error) = (Statistics.TInterval(clusters.Means), Statistics.StandardDeviation(clusters.Means) / Math.Sqrt(clusters.Count));
        else if (clusters.Count > 1 && Statistics.ClusterBootstrap(clusters, new RandomStream(seed, Statistics.BootstrapStream), resamples) is var means)
            (interval, error) = (Statistics.PercentileInterval(means), Statistics.StandardDeviation(means));
        return new Comparison(d.Name, slice, Statistics.Mean([.. pairs.Select(x => x.Before)]), Statistics.Mean([.. pairs.Select(x => x.After)]), difference,
            interval, p, p, 2.8 * error, pairs.Count, clusters.Count, Verdict.NoEvidence)
        { Unpaired = known.Count(k => (k.Before is null) != (k.After is null)) };
    }

    private static Dictionary<string, CaseRecord> ByCase(IEnumerable<CaseRecord> cases) => cases.ToDictionary(c => c.Case, StringComparer.Ordinal);

    private static IEnumerable<Comparison> Adjust(IReadOnlyList<Comparison> family) =>
        family.Zip(Statistics.Holm([.. family.Select(c => c.P)]), (c, p) => c with { AdjustedP = p, Verdict = Comparison.Judge(c.Interval, p) });
}

namespace PortfolioProject.Evidence;

/// <summary>Milliseconds of one stage of one variant: nearest-rank percentiles over its cases.</summary>
public sealed record LatencyRow(string Variant, string Stage, int N, double P50, double P95, double P99);

/// <summary>Tokens as billed and retries of one variant, summed over its cases.</summary>
public sealed record TokenRow(string Variant, int N, long InputTokens, long CachedTokens, long OutputTokens, long Retries);

/// <summary>latency.json: computed from timings.jsonl, never gated.</summary>
public sealed record LatencyTable(IReadOnlyList<LatencyRow> Rows, IReadOnlyList<TokenRow> Tokens)
{
    public static LatencyTable Measure(IReadOnlyList<TimingRecord> timings)
    {
        var variants = timings.GroupBy(t => t.Variant).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var rows =
            from variant in variants
            from stage in variant.SelectMany(t => t.Milliseconds).GroupBy(m => m.Key, m => m.Value).OrderBy(s => s.Key, StringComparer.Ordinal)
            let times = stage.Order().ToArray()
            select new LatencyRow(variant.Key, stage.Key, times.Length,
                Statistics.NearestRank(times, 0.5), Statistics.NearestRank(times, 0.95), Statistics.NearestRank(times, 0.99));
        return new LatencyTable([.. rows], [.. variants.Select(v => new TokenRow(
            v.Key, v.Count(), v.Sum(t => t.InputTokens), v.Sum(t => t.CachedTokens), v.Sum(t => t.OutputTokens), v.Sum(t => (long)t.Retries)))]);
    }
}

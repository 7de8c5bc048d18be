namespace PortfolioProject.Monitoring;

/// <summary>Durations counted in buckets from 1 µs to 10 s. Lock-free.</summary>
public sealed class LatencyHistogram
{
    /// <summary>Upper bounds in seconds; one more bucket is open.</summary>
    public static readonly IReadOnlyList<double> Bounds =
    [
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 1.5e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4, 8e-4,
        1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7.5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1, 2, 5, 10,
    ];

    private static readonly long[] Ticks = [.. Bounds.Select(b => (long)Math.Round(b * Stopwatch.Frequency))];

    private readonly long[] _counts = new long[Ticks.Length + 1];
    private long _sum;

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Observe(long ticks)
    {
        var bucket = 0;
        while (bucket < Ticks.Length && ticks > Ticks[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, ticks);
    }

    public double SumSeconds => Interlocked.Read(ref _sum) / (double)Stopwatch.Frequency;

    /// <summary>One count a bucket, not cumulated.</summary>
    public long[] Snapshot() => [.. _counts.Select((_, i) => Interlocked.Read(ref _counts[i]))];

    /// <summary>The share-p quantile in seconds, interpolated within its bucket; null without observations; the last bound stands for all above it.</summary>
    public static double? Quantile(IReadOnlyList<long> counts, double p)
    {
        var (total, below) = (counts.Sum(), 0L);
        if (total == 0) return null;
        for (var i = 0; i < Bounds.Count; below += counts[i++])
            if (below + counts[i] >= p * total && counts[i] > 0)
                return (i == 0 ? 0 : Bounds[i - 1]) + ((Bounds[i] - (i == 0 ? 0 : Bounds[i - 1])) * Math.Max(0, (p * total) - below) / counts[i]);
        return Bounds[^1];
    }
}

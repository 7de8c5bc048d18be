using MathNet.Numerics.Distributions;

namespace PortfolioProject.Evidence;

/// <summary>Intervals and tests. Sums run in a fixed order; randomness comes from the stream given, so results repeat to the last bit.</summary>
public static class Statistics
{
    internal const int BootstrapStream = 990, SignFlipStream = 991;

    public static double Mean(IReadOnlyCollection<double> values) => values.Sum() / values.Count;

    /// <summary>With denominator n − 1.</summary>
    public static double StandardDeviation(IReadOnlyCollection<double> values)
    {
        var mean = Mean(values);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan's type 7).</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double p)
    {
        var (at, below) = (p * (sorted.Count - 1), (int)(p * (sorted.Count - 1)));
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }

    /// <summary>The smallest value with at least a share p of the values at or below it.</summary>
    public static double NearestRank(IReadOnlyList<double> sorted, double p) => sorted[Math.Max(0, (int)Math.Ceiling(p * sorted.Count) - 1)];

    /// <summary>Student's t interval of the mean; at least two values.</summary>
    public static Interval TInterval(IReadOnlyCollection<double> values, double level = 0.95)
    {
        var half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + level) / 2) * StandardDeviation(values) / Math.Sqrt(values.Count);
        return new Interval(Mean(values) - half, Mean(values) + half, "t over seeds", level);
    }

    /// <summary>Wilson's score interval (1927) of a share, without continuity correction.</summary>
    public static Interval WilsonInterval(double successes, int n, double level = 0.95)
    {
        if (n < 1 || successes < 0 || successes > n || successes != Math.Floor(successes))
            throw new ArgumentException($"Wilson's interval needs a count of successes between 0 and n, not {successes} of {n}");
        var (z, p) = (Normal.InvCDF(0, 1, (1 + level) / 2), successes / n);
        var centre = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4.0 * n * n))) / (1 + (z * z / n));
        return new Interval(successes == 0 ? 0 : centre - half, successes == n ? 1 : centre + half, "Wilson", level);
    }

    /// <summary>Means of resampled clusters (ratio of sums, Σ values / Σ counts), sorted.</summary>
    public static double[] ClusterBootstrap(Clusters clusters, RandomStream stream, int resamples = 10_000)
    {
        var (sums, counts, means) = (clusters.Sums, clusters.Counts, new double[resamples]);
        for (var r = 0; r < resamples; r++)
        {
            var (sum, count) = (0.0, 0);
            for (var draw = 0; draw < sums.Length; draw++)
            {
                var i = stream.Below(sums.Length);
                sum += sums[i];
                count += counts[i];
            }

            means[r] = sum / count;
        }

        Array.Sort(means);
        return means;
    }

    /// <summary>The percentile interval of a sorted bootstrap distribution.</summary>
    public static Interval PercentileInterval(IReadOnlyList<double> sorted, double level = 0.95) =>
        new(Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2), $"cluster bootstrap, {sorted.Count} resamples", level);

    /// <summary>
    /// Two-sided paired permutation test: the signs of whole clusters' differences are flipped at random; p = (1 + #{|T*| ≥ |T|}) / (1 + resamples).
    /// </summary>
    public static double SignFlip(double[] differences, RandomStream stream, int resamples = 10_000)
    {
        var (bar, reached) = (Math.Abs(differences.Sum()) - 1e-12, 1);
        for (var r = 0; r < resamples; r++)
        {
            var (sum, bits) = (0.0, 0UL);
            for (var i = 0; i < differences.Length; i++)
            {
                bits = i % 64 == 0 ? stream.Next() : bits >> 1;
                sum += (bits & 1) == 0 ? differences[i] : -differences[i];
            }

            reached += Math.Abs(sum) >= bar ? 1 : 0;
        }

        return reached / (1.0 + resamples);
    }

    /// <summary>Holm's step-down adjustment (1979), in the order given.</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var (adjusted, running, left) = (new double[p.Count], 0.0, p.Count);
        foreach (var i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
            adjusted[i] = running = Math.Max(running, Math.Min(1, p[i] * left--));
        return adjusted;
    }
}

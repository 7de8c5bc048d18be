using MathNet.Numerics;
using PortfolioProject.Modeling;

namespace PortfolioProject.Monitoring;

/// <summary>The bins in which one feature is compared with its training rows: bin i is (Edges[i − 1], Edges[i]], the last one is open.</summary>
internal sealed record FeatureBins(string Name, float[] Edges, long[] Training)
{
    /// <summary>Neighbours of the training histogram merged from the left until each bin has a tenth of the rows; what is left over joins the last.</summary>
    public static FeatureBins Merge(FeatureColumn feature)
    {
        var (edges, counts, open) = (new List<float>(), new List<long>(), 0L);
        var (all, total) = (feature.Histogram.Counts, feature.Histogram.Counts.Sum());
        for (var i = 0; i < all.Count; i++)
        {
            open += all[i];
            if (open == 0 || open * 10 < total) continue;
            counts.Add(open);
            if (i < feature.Histogram.Edges.Count) edges.Add((float)feature.Histogram.Edges[i]);
            open = 0;
        }

        if (counts.Count == 0) return new FeatureBins(feature.Name, [], [open]);
        counts[^1] += open;
        return new FeatureBins(feature.Name, [.. edges.Take(counts.Count - 1)], [.. counts]);
    }

    /// <summary>Population stability index Σ(p − q)·ln(p/q) with ½ added to each count, and the two-sample p that it implies: PSI / (1/n + 1/m) is χ² with B − 1 degrees of freedom.</summary>
    public (double Psi, double P) Compare(ReadOnlySpan<int> live)
    {
        var (n, m, psi) = (0L, Training.Sum(), 0.0);
        foreach (var count in live) n += count;
        for (var i = 0; i < Training.Length; i++)
        {
            var (p, q) = ((Training[i] + 0.5) / (m + (Training.Length / 2.0)), (live[i] + 0.5) / (n + (Training.Length / 2.0)));
            psi += (p - q) * Math.Log(p / q);
        }

        return (psi, SpecialFunctions.GammaUpperRegularized((Training.Length - 1) / 2.0, psi / ((1.0 / n) + (1.0 / m)) / 2));
    }

    /// <summary>Kolmogorov and Smirnov's distance between the two distributions, as far as the bins show it.</summary>
    public double KolmogorovSmirnov(ReadOnlySpan<int> live)
    {
        var (n, m, before, now, distance) = (0L, (double)Training.Sum(), 0L, 0L, 0.0);
        foreach (var count in live) n += count;
        for (var i = 0; i < Training.Length; i++)
        {
            (before, now) = (before + Training[i], now + live[i]);
            distance = Math.Max(distance, Math.Abs((before / m) - (now / (double)n)));
        }

        return distance;
    }
}

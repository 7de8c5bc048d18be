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

    /// <summary>
    /// Population stability index Σ(p − q)·ln(p/q) with ½ added to each count, the two-sample p that it implies (PSI / (1/n + 1/m) is χ² with
    /// B − 1 degrees of freedom), and the largest distance of the cumulated shares. The adjusted p is the caller's.
    /// </summary>
    public FeatureDrift Compare(ReadOnlySpan<int> live)
    {
        if (Training.Length < 2) return new FeatureDrift(Name, Training.Length, null, null, null, null, false);
        var (n, m, half, psi, distance, before, now) = ((double)live.ToArray().Sum(), (double)Training.Sum(), Training.Length / 2.0, 0.0, 0.0, 0L, 0L);
        for (var i = 0; i < Training.Length; i++)
        {
            var (p, q) = ((Training[i] + 0.5) / (m + half), (live[i] + 0.5) / (n + half));
            psi += (p - q) * Math.Log(p / q);
            (before, now) = (before + Training[i], now + live[i]);
            distance = Math.Max(distance, Math.Abs((before / m) - (now / n)));
        }

        var tail = SpecialFunctions.GammaUpperRegularized((Training.Length - 1) / 2.0, psi / ((1 / n) + (1 / m)) / 2);
        return new FeatureDrift(Name, Training.Length, psi, distance, tail, null, false);
    }
}

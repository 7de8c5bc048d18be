namespace PortfolioProject.Audit;

/// <summary>Rows too near to each other: pairs (first &lt; second) among the k neighbours, closer than the radius.</summary>
public static class NearDuplicates
{
    private const double SmallestMedian = 1e-6;

    /// <summary>threshold × max(median distance to the nearest neighbour, 1e-6).</summary>
    public static double Radius(NeighbourGraph graph, double threshold) => threshold * Math.Max(Statistics.Quantile(
        [.. Enumerable.Range(0, graph.Count).Select(i => graph.Distances[i * graph.K]).Order()], 0.5), SmallestMedian);

    public static IReadOnlyList<(int First, int Second)> Find(NeighbourGraph graph, double threshold) => graph.Count == 0 ? [] : Within(graph, Radius(graph, threshold));

    public static IReadOnlyList<(int First, int Second)> Within(NeighbourGraph graph, double radius) =>
        [.. graph.Pairs.Where(p => p.Distance < radius).Select(p => (Math.Min(p.From, p.To), Math.Max(p.From, p.To))).Distinct().Order()];

    /// <summary>Groups of rows with equal features, however many.</summary>
    public static IReadOnlyList<int[]> Exact(double[] values, int width) => [.. Enumerable.Range(0, values.Length / width)
        .GroupBy(i => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan(i * width, width)))))
        .Where(g => g.Count() > 1).Select(g => g.ToArray()).OrderBy(g => g[0])];

    /// <summary>Rows to drop so that of rows that are duplicates of each other the first stays.</summary>
    public static IReadOnlySet<int> Later(IReadOnlyList<(int First, int Second)> pairs)
    {
        var dropped = new HashSet<int>();
        foreach (var (first, second) in pairs.OrderBy(p => p.Second)) if (!dropped.Contains(first)) dropped.Add(second);
        return dropped;
    }
}

/// <summary>Rows far from everything: the mean distance to the k neighbours lies above Q3 + 1.7 · IQR.</summary>
public static class Outliers
{
    private const double Whisker = 1.7;

    public static (double Cut, IReadOnlyList<int> Rows) Find(NeighbourGraph graph)
    {
        var mean = Enumerable.Range(0, graph.Count).Select(i => graph.Distances.Skip(i * graph.K).Take(graph.K).Sum() / graph.K).ToArray();
        var sorted = mean.Order().ToArray();
        var (q1, q3) = (Statistics.Quantile(sorted, 0.25), Statistics.Quantile(sorted, 0.75));
        var cut = q3 + (Whisker * (q3 - q1));
        return (cut, [.. Enumerable.Range(0, mean.Length).Where(i => mean[i] > cut)]);
    }
}

/// <summary>
/// Whether near rows are near in the file: the distances |i − j| of neighbour pairs against those of all pairs, P(d) = 2(n − d)/(n(n − 1)), by
/// Kolmogorov and Smirnov's statistic at the distinct distances; p = (1 + #≥)/(B + 1) over permutations of the order.
/// </summary>
public static class OrderDependence
{
    private const int OrderStream = 2;

    public static (double Ks, double P) Test(NeighbourGraph graph, long seed, int permutations = 99)
    {
        var (stream, order, reached) = (new RandomStream(seed, OrderStream), Enumerable.Range(0, graph.Count).ToArray(), 1);
        var observed = Ks(graph, order);
        for (var b = 0; b < permutations; b++)
        {
            stream.Shuffle<int>(order);
            reached += Ks(graph, order) >= observed ? 1 : 0;
        }

        return (observed, reached / (permutations + 1.0));
    }

    public static double Ks(NeighbourGraph graph, int[] position)
    {
        var (n, histogram) = (graph.Count, new int[graph.Count]);
        for (var i = 0; i < graph.Rows.Length; i++) histogram[Math.Abs(position[i / graph.K] - position[graph.Rows[i]])]++;
        var (ks, seen) = (0.0, 0L);
        for (var d = 1; d < n; d++)
        {
            seen += histogram[d];
            var background = ((2.0 * n * d) - ((double)d * (d + 1))) / ((double)n * (n - 1));
            if (histogram[d] > 0) ks = Math.Max(ks, Math.Abs(((double)seen / graph.Rows.Length) - background));
        }

        return ks;
    }
}

namespace PortfolioProject.Audit;

public enum Metric { Euclidean, Cosine }

/// <summary>The k nearest other rows of each row, [n × k], nearest first; of equal distances the lower row first. Cosine distance is 1 − cos, and 1 to a row of zeros.</summary>
public sealed record NeighbourGraph(Metric Metric, int K, int[] Rows, double[] Distances)
{
    public int Count => K == 0 ? 0 : Rows.Length / K;

    public IEnumerable<(int From, int To, double Distance)> Pairs => Rows.Select((to, i) => (i / K, to, Distances[i]));
}

/// <summary>
/// Exact nearest neighbours by blocked products: candidates are ranked by dot products of a block of rows with all rows (memory O(block · n)), and
/// the best of them measured again without cancellation. Rows are shared by threads; results do not depend on how.
/// </summary>
public static class Neighbours
{
    /// <summary>How many neighbours the finders look at.</summary>
    public const int Usual = 10;
    private const int Block = 64, Spare = 6;

    /// <summary>One graph a metric over rows of <paramref name="values"/> [n × width]; k shrinks to n − 1.</summary>
    public static NeighbourGraph[] Find(double[] values, int width, int k, params Metric[] metrics)
    {
        var n = values.Length / width;
        k = Math.Max(0, Math.Min(k, n - 1));
        var graphs = metrics.Select(m => new NeighbourGraph(m, k, new int[n * k], new double[n * k])).ToArray();
        if (k == 0) return graphs;
        var norms = Enumerable.Range(0, n).Select(i => Kernels.Dot<double>(values.AsSpan(i * width, width), values.AsSpan(i * width, width))).ToArray();
        var lengths = norms.Select(v => v > 0 ? 1 / Math.Sqrt(v) : 0).ToArray();
        var packed = new PackedMatrix<double>(values, width, n, transposed: true);
        Parallel.For(0, (n + Block - 1) / Block, () => new double[Block * n], (block, _, products) =>
        {
            var (first, rows) = (block * Block, Math.Min(Block, n - (block * Block)));
            Array.Clear(products);
            packed.AddProduct(values.AsSpan(first * width, rows * width), products.AsSpan(0, rows * n), rows);
            for (var r = 0; r < rows; r++)
                foreach (var graph in graphs) Nearest(graph, first + r, products.AsSpan(r * n, n), norms, lengths, values, width);
            return products;
        }, _ => { });
        return graphs;
    }

    private static void Nearest(NeighbourGraph graph, int row, ReadOnlySpan<double> products, double[] norms, double[] lengths, double[] values, int width)
    {
        var keep = Math.Min(graph.K + Spare, products.Length - 1);
        Span<double> keys = stackalloc double[keep];
        Span<int> found = stackalloc int[keep];
        keys.Fill(double.PositiveInfinity);
        for (var i = 0; i < products.Length; i++)
        {
            var key = graph.Metric == Metric.Euclidean ? norms[i] - (2 * products[i]) : -products[i] * lengths[i];
            if (!(key < keys[^1]) || i == row) continue;
            var at = keep - 1;
            for (; at > 0 && keys[at - 1] > key; at--) (keys[at], found[at]) = (keys[at - 1], found[at - 1]);
            (keys[at], found[at]) = (key, i);
        }

        var own = values.AsMemory(row * width, width);
        var best = found.ToArray().Select(j => (Distance: Distance(graph.Metric, own.Span, values.AsSpan(j * width, width)), Row: j)).Order().Take(graph.K).ToArray();
        for (var j = 0; j < best.Length; j++) (graph.Distances[(row * graph.K) + j], graph.Rows[(row * graph.K) + j]) = best[j];
    }

    private static double Distance(Metric metric, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sum, aa, bb) = (0.0, 0.0, 0.0);
        for (var j = 0; j < a.Length; j++)
            if (metric == Metric.Euclidean) sum += (a[j] - b[j]) * (a[j] - b[j]);
            else (sum, aa, bb) = (sum + (a[j] * b[j]), aa + (a[j] * a[j]), bb + (b[j] * b[j]));
        return metric == Metric.Euclidean ? Math.Sqrt(sum) : aa == 0 || bb == 0 ? 1 : Math.Max(0, 1 - (sum / Math.Sqrt(aa * bb)));
    }
}

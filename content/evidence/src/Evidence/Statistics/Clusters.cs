namespace PortfolioProject.Evidence;

/// <summary>Values summed by cluster, clusters in ordinal order of their names, values in the order given: every sum has one fixed order.</summary>
public sealed record Clusters(double[] Sums, int[] Counts)
{
    public int Count => Sums.Length;

    public double[] Means => [.. Sums.Zip(Counts, (sum, count) => sum / count)];

    public static Clusters Of(IEnumerable<(string Cluster, double Value)> values)
    {
        var groups = values.GroupBy(v => v.Cluster, v => v.Value).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        return new Clusters([.. groups.Select(g => g.Sum())], [.. groups.Select(g => g.Count())]);
    }
}

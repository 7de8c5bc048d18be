namespace PortfolioProject.Modeling;

/// <summary>Describes the columns of training rows: scaling, range and histogram.</summary>
internal static class FeatureColumns
{
    private const int Bins = 20;

    /// <summary>Standard: mean and standard deviation; range: minimum and span. A column that does not vary has scale 1, so that it becomes 0.</summary>
    public static FeatureColumn[] Describe(Table table, IReadOnlyList<int> rows, Scaling scaling) => [.. table.Features.Select((name, j) =>
    {
        var sorted = rows.Select(row => (double)table.Row(row)[j]).Order().ToArray();
        var (low, high, mean) = (sorted[0], sorted[^1], sorted.Sum() / sorted.Length);
        var deviation = Math.Sqrt(sorted.Sum(v => (v - mean) * (v - mean)) / sorted.Length);
        var (offset, scale) = low == high ? (low, 1) : scaling == Scaling.Range ? (low, high - low) : (mean, deviation);
        return new FeatureColumn(name, low, high, offset, scale, Count(sorted));
    })];

    /// <summary>Every value is an edge while there are few, else the quantiles in steps of 1/20; the maximum is an edge only when values are few or all equal.</summary>
    private static Histogram Count(double[] sorted)
    {
        var values = sorted.Distinct().ToList();
        List<double> edges = values.Count <= Bins ? values : [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[i * sorted.Length / Bins]).Distinct()];
        var counts = new long[edges.Count + 1];
        foreach (var at in sorted.Select(edges.BinarySearch)) counts[at < 0 ? ~at : at]++;
        return new Histogram(edges, counts);
    }
}

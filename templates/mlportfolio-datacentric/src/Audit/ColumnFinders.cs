namespace PortfolioProject.Audit;

/// <summary>A feature that carries nothing, or too much: constant, mostly empty, or an identifier of the row.</summary>
public static class SuspectColumns
{
    public static IEnumerable<(string Feature, string Why)> Find(Table table)
    {
        for (var j = 0; j < table.Width; j++)
        {
            var column = Drift.Column(table, j);
            var distinct = column.Distinct().Count();
            if (table.Empty[j] > 0) yield return ($"{table.Features[j]} ({table.Empty[j]})", "empty cells, as many as in brackets, filled with the median");
            if (distinct == 1) yield return (table.Features[j], "constant");
            else if (distinct == table.Count && column.All(v => v == Math.Floor(v)) && (column.Zip(column.Skip(1)).All(p => p.First < p.Second) || column.Max() - column.Min() == table.Count - 1))
                yield return (table.Features[j], "whole numbers that never repeat and follow the rows: an identifier");
        }
    }
}

/// <summary>Whether two parts of a table are drawn from one distribution, feature by feature.</summary>
public static class Drift
{
    private const int Bins = 10;
    private const double Smallest = 1e-4;

    /// <summary>Population stability index over deciles of the first part, and Kolmogorov and Smirnov's p after Holm over the features.</summary>
    public static IReadOnlyList<(string Feature, double Psi, double AdjustedP)> Find(Table table, bool[] second)
    {
        var parts = Enumerable.Range(0, table.Width).Select(j => Column(table, j).Zip(second)).Select(c => (A: c.Where(x => !x.Second).Select(x => x.First).Order().ToArray(), B: c.Where(x => x.Second).Select(x => x.First).Order().ToArray())).ToList();
        var adjusted = Statistics.Holm([.. parts.Select(p => KsP(p.A, p.B))]);
        return [.. parts.Select((p, j) => (table.Features[j], Psi(p.A, p.B), adjusted[j]))];
    }

    public static double Psi(double[] a, double[] b)
    {
        var edges = Enumerable.Range(1, Bins - 1).Select(q => Statistics.Quantile(a, (double)q / Bins)).Distinct().ToArray();
        double[] Shares(double[] part) => [.. Enumerable.Range(0, edges.Length + 1).Select(bin => Math.Max(Smallest, (double)part.Count(v => edges.Count(e => v > e) == bin) / part.Length))];
        return Shares(a).Zip(Shares(b), (p, q) => (q - p) * Math.Log(q / p)).Sum();
    }

    /// <summary>Asymptotic two-sample p with Stephens' correction; parts sorted.</summary>
    public static double KsP(double[] a, double[] b)
    {
        var (i, j, d) = (0, 0, 0.0);
        while (i < a.Length && j < b.Length)
        {
            var at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at) i++;
            while (j < b.Length && b[j] <= at) j++;
            d = Math.Max(d, Math.Abs(((double)i / a.Length) - ((double)j / b.Length)));
        }

        var root = Math.Sqrt((double)a.Length * b.Length / (a.Length + b.Length));
        var lambda = (root + 0.12 + (0.11 / root)) * d;
        return lambda < 0.2 ? 1 : Math.Clamp(2 * Enumerable.Range(1, 100).Sum(k => (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * lambda * lambda)), 0, 1);
    }

    internal static double[] Column(Table table, int j) => [.. Enumerable.Range(0, table.Count).Select(i => table.Values[(i * table.Width) + j])];
}

/// <summary>A part of the rows with how often the model is right there.</summary>
public sealed record Slice(string Name, int N, int Right, Interval Interval)
{
    public static Slice Of(string name, IReadOnlyList<bool> right) => new(name, right.Count, right.Count(r => r), Statistics.WilsonInterval(right.Count(r => r), right.Count));
}

/// <summary>Slices where a model is weak: the leaves of a small regression tree over its errors, and tables by class and by block.</summary>
public static class WeakSlices
{
    private const int Depth = 3, Quantiles = 10;

    /// <summary>Leaves, the weakest first. They were looked for, so their intervals are too narrow: worth a look, no more.</summary>
    public static IReadOnlyList<Slice> Find(Table table, bool[] right) =>
        [.. Split(table, right, [.. Enumerable.Range(0, table.Count)], "", Depth, Math.Max(20, table.Count / 50)).OrderBy(s => (double)s.Right / s.N)];

    public static IReadOnlyList<Slice> By(IEnumerable<string> names, bool[] right) => [.. names.Zip(right).GroupBy(x => x.First, x => x.Second).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Slice.Of(g.Key, [.. g]))];

    private static IEnumerable<Slice> Split(Table table, bool[] right, int[] rows, string name, int depth, int smallest)
    {
        var (gain, feature, cut) = (1e-9, -1, 0.0);
        var all = (double)rows.Count(i => right[i]);
        for (var j = 0; j < table.Width && depth > 0; j++)
        {
            var sorted = rows.Select(i => table.Values[(i * table.Width) + j]).Order().ToArray();
            foreach (var at in Enumerable.Range(1, Quantiles - 1).Select(q => Statistics.Quantile(sorted, (double)q / Quantiles)).Distinct())
            {
                var (n, good) = (0, 0);
                foreach (var i in rows) if (table.Values[(i * table.Width) + j] <= at) (n, good) = (n + 1, good + (right[i] ? 1 : 0));
                if (n < smallest || rows.Length - n < smallest) continue;
                var better = (good * (double)good / n) + ((all - good) * (all - good) / (rows.Length - n)) - (all * all / rows.Length);
                if (better > gain) (gain, feature, cut) = (better, j, at);
            }
        }

        if (feature < 0) return [Slice.Of(name.Length == 0 ? "all rows" : name, [.. rows.Select(i => right[i])])];
        bool Low(int i) => table.Values[(i * table.Width) + feature] <= cut;
        string Named(string sign) => FormattableString.Invariant($"{name}{(name.Length == 0 ? "" : " and ")}{table.Features[feature]} {sign} {cut:0.####}");
        return Split(table, right, [.. rows.Where(Low)], Named("≤"), depth - 1, smallest).Concat(Split(table, right, [.. rows.Where(i => !Low(i))], Named(">"), depth - 1, smallest));
    }
}

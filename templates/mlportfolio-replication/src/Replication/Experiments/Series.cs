namespace PortfolioProject.Replication;

/// <summary>Records of a run, arranged: one variant's metric along the sizes of a run, seed by seed.</summary>
public sealed record Series(IReadOnlyList<double> Sizes, IReadOnlyList<(string Seed, IReadOnlyList<double> Values)> Seeds)
{
    /// <summary>Records of a variant at a noise level, by size: N/n, or n where the run varies it. A seed that lacks a size is left out.</summary>
    public static Series Of(Run run, string variant, string metric, string noise)
    {
        var records = run.Cases.Where(c => c.Variant == variant && c.Tags.GetValueOrDefault("noise") == noise && c.Values.ContainsKey(metric) && c.Values.ContainsKey("features")).ToList();
        var bySamples = VariesSamples(run);
        double Size(CaseRecord c) => bySamples ? c.Values["samples"] : c.Values["features"] / c.Values["samples"];
        double[] sizes = [.. records.Select(Size).Distinct().Order()];
        return new Series(sizes, [.. records.GroupBy(c => c.Cluster).OrderBy(g => g.Key, StringComparer.Ordinal).Where(g => g.Count() == sizes.Length)
            .Select(g => (g.Key, (IReadOnlyList<double>)[.. g.OrderBy(Size).Select(c => c.Values[metric])]))]);
    }

    public static bool VariesSamples(Run run) => run.Cases.Where(c => c.Values.ContainsKey("samples")).Select(c => c.Values["samples"]).Distinct().Count() > 1;

    /// <summary>Values at the size nearest to <paramref name="size"/> (sizes are whole numbers of features, so N/n is rounded), one a seed.</summary>
    public double[] At(double size)
    {
        if (Sizes.Count == 0) return [];
        var at = Enumerable.Range(0, Sizes.Count).MinBy(i => Math.Abs(Sizes[i] - size));
        return Math.Abs(Sizes[at] - size) > 0.011 * size ? [] : Column(at);
    }

    /// <summary>For each seed the power p of value ∝ (size − <paramref name="shift"/>)^p by least squares in logarithms, over sizes from <paramref name="from"/> on.</summary>
    public double[] Powers(double from, double shift = 0)
    {
        int[] used = [.. Enumerable.Range(0, Sizes.Count).Where(i => Sizes[i] >= from * (1 - 1e-9))];
        var x = used.Select(i => Math.Log(Sizes[i] - shift)).ToArray();
        return used.Length < 2 ? [] : [.. Seeds.Select(s => used.Index().Sum(u => (x[u.Index] - x.Average()) * Math.Log(s.Values[u.Item])) / x.Sum(v => (v - x.Average()) * (v - x.Average())))];
    }

    public double[] Column(int index) => [.. Seeds.Select(s => s.Values[index])];

    /// <summary>The median over seeds at every size, with the t interval of the mean logarithm: positive, and not one seed's on a heavy tail.</summary>
    public Curve ToCurve(string name, bool traces) => new(name,
        [.. Sizes.Select((x, i) => Column(i) is var values && values.Length > 1 && values.All(v => v > 0) && Statistics.TInterval([.. values.Select(v => Math.Log(v))]) is var t
            ? new CurvePoint(x, Median(values), Math.Exp(t.Low), Math.Exp(t.High)) : new CurvePoint(x, Median(values)))],
        traces ? [.. Seeds.Select(s => (IReadOnlyList<CurvePoint>)[.. s.Values.Select((y, i) => new CurvePoint(Sizes[i], y))])] : null);

    public static double Median(IEnumerable<double> values) => Statistics.Quantile([.. values.Order()], 0.5);
}

namespace PortfolioProject.Replication;

public enum Outcome { Reproduced, Partly, NotReproduced, NotTested }

/// <summary>A line with what was measured. Ours: the statistic that the line names. Holds: by the rule at the head of claims.yaml.</summary>
public sealed record JudgedLine(string Claim, string What, ClaimLine Line, double? Ours, double? Mean, double? Median, Interval? Interval, int N, bool Holds)
{
    public double? Deviation => Ours - Line.Expected;
}

public sealed record JudgedClaim(Claim Claim, IReadOnlyList<JudgedLine> Lines, Outcome Outcome)
{
    public string Verdict => Outcome switch { Outcome.NotReproduced => "not reproduced", Outcome.NotTested => "not tested", _ => $"{Outcome}".ToLowerInvariant() };

    public int Holding => Lines.Count(l => l.Holds);
}

/// <summary>Applies the outcome rules of claims.yaml to runs. Nothing here knows what should come out.</summary>
public static class ClaimJudge
{
    /// <param name="runOf">The run of a kind, or null when there is none.</param>
    public static IReadOnlyList<JudgedClaim> Judge(ClaimFile file, Func<string, Run?> runOf) => [.. file.Claims.Select(claim => Judge(claim, runOf(claim.Kind)))];

    public static JudgedClaim Judge(Claim claim, Run? run)
    {
        if (run is null) return new JudgedClaim(claim, [], Outcome.NotTested);
        JudgedLine[] lines = [.. claim.Lines.SelectMany(line => (line.Noise?.Select(v => (double?)v) ?? [null]).Select(noise => Judge(claim, line, run, noise)))];
        return new JudgedClaim(claim, lines, Rule([.. lines]));
    }

    /// <summary>Reproduced: every line holds; partly: some; not reproduced: none; not tested: one has no data.</summary>
    internal static Outcome Rule(IReadOnlyList<JudgedLine> lines) => lines.Any(l => l.N == 0) ? Outcome.NotTested
        : lines.All(l => l.Holds) ? Outcome.Reproduced : lines.Any(l => l.Holds) ? Outcome.Partly : Outcome.NotReproduced;

    private static JudgedLine Judge(Claim claim, ClaimLine line, Run run, double? noise)
    {
        var values = Values(line, run, noise);
        var what = Describe(line, noise);
        if (values.Length == 0) return new JudgedLine(claim.Id, what, line, null, null, null, null, 0, false);
        var interval = values.Length > 1 ? Statistics.TInterval(values) : null;
        var (mean, median) = (Statistics.Mean(values), Series.Median(values));
        var ours = line.Statistic switch { Statistic.Mean => mean, Statistic.Median => median, Statistic.Minimum => values.Min(), _ => values.Max() };
        var byInterval = line.Statistic == Statistic.Mean;
        var holds = line.Condition switch
        {
            Condition.Above => byInterval ? interval?.Low > line.Expected : ours > line.Expected,
            Condition.Below => byInterval ? interval?.High < line.Expected : ours < line.Expected,
            _ => Math.Abs(ours - line.Expected) <= line.Tolerance * (1 + 1e-9),
        };
        return new JudgedLine(claim.Id, what, line, ours, mean, median, interval, values.Length, holds);
    }

    internal static double[] Values(ClaimLine line, Run run, double? noise)
    {
        if (line.Quantity == Quantity.Cell)
            return [.. run.Cases.Where(c => line.Cells?.Contains(c.Tags.GetValueOrDefault(Cells.Tag) ?? "") == true && c.Values.ContainsKey(line.Metric)).Select(c => c.Values[line.Metric])];
        var level = Cells.Number(noise ?? 0);
        var series = Series.Of(run, line.Variant, line.Metric, level);
        double[] At(double? size) => series.At(size ?? throw new UserError("the line needs a size", ClaimFile.Name, field: $"{line.Quantity}", expected: "from or to"));
        double[] Kernel() => [.. run.Cases.Where(c => c.Variant == "kernel" && c.Tags.GetValueOrDefault("noise") == level).OrderBy(c => c.Cluster, StringComparer.Ordinal).Select(c => c.Values[line.Metric])];
        var inRange = Enumerable.Range(0, series.Sizes.Count).Where(i => series.Sizes[i] >= (line.From ?? 0) * (1 - 1e-9)).ToList();
        return line.Quantity switch
        {
            Quantity.Argmax => [.. series.Seeds.Select(s => series.Sizes[inRange.MaxBy(i => s.Values[i])])],
            Quantity.Value => At(line.To),
            Quantity.LogRatio => Zip(At(line.From), At(line.To), (a, b) => Math.Log10(a / b)),
            Quantity.Bump => Zip(At(line.From), At(line.To), (a, b) => Math.Log10(b / a)),
            Quantity.Difference => Zip(At(line.From), At(line.To), (a, b) => a - b),
            Quantity.GainOverBestSmall => Zip([.. series.Seeds.Select(s => s.Values.Where((_, i) => series.Sizes[i] < 0.95).Min())], At(line.To), (a, b) => a - b),
            Quantity.ShareOfKernel => Zip(At(line.To), Kernel(), (a, b) => a / b),
            Quantity.Slope => series.Powers(line.From ?? 0),
            _ => series.Seeds.Count < 2 ? [] : [Rises(series)],
        };
    }

    private static int Rises(Series series)
    {
        var steps = series.Sizes.Count - 1;
        return Enumerable.Range(0, steps).Count(k => Statistics.TInterval([.. series.Seeds.Select(s => Math.Log10(s.Values[k + 1] / s.Values[k]))], 1 - (0.05 / steps)).Low > 0);
    }

    private static double[] Zip(double[] a, double[] b, Func<double, double, double> combine) => a.Length == b.Length ? [.. a.Zip(b, combine)] : [];

    private static string Describe(ClaimLine line, double? noise)
    {
        static string Size(double? size) => size is null ? "" : Cells.Number(size.Value) + " n";
        var what = line.Quantity switch
        {
            Quantity.Argmax => $"N/n of the largest {line.Metric}",
            Quantity.Value => $"{line.Metric} at {Size(line.To)}",
            Quantity.LogRatio => $"log10 of {line.Metric} at {Size(line.From)} over {Size(line.To)}",
            Quantity.Bump => $"log10 of {line.Metric} at {Size(line.To)} over {Size(line.From)}",
            Quantity.Difference => $"{line.Metric} at {Size(line.From)} less {Size(line.To)}",
            Quantity.GainOverBestSmall => $"least {line.Metric} below n less that at {Size(line.To)}",
            Quantity.ShareOfKernel => $"{line.Metric} at {Size(line.To)} over the kernel limit's",
            Quantity.Slope => $"power of {line.Metric} in N from {Size(line.From)}",
            Quantity.Rises => $"significant rises of {line.Metric}",
            _ => $"{line.Metric}, {string.Join(" and ", line.Cells ?? [])}",
        };
        return (line.Variant == "minimum-norm" || line.Quantity == Quantity.Cell ? "" : line.Variant + ": ") + what + (noise is null ? "" : $", noise {Cells.Number(noise.Value)}");
    }
}

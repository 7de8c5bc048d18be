namespace PortfolioProject.Replication;

/// <summary>Verdicts as a table, and the line that missed its rule.</summary>
public static class Summary
{
    public static void Write(TextWriter output, IReadOnlyList<JudgedClaim> claims)
    {
        Screen.WriteTable(output, ["claim", "verdict", "lines", "statement"], claims.Select(c => new[] { c.Claim.Id, c.Verdict, c.Lines.Count == 0 ? "0 of 0" : $"{c.Holding} of {c.Lines.Count}", c.Claim.Statement }));
        if (claims.SelectMany(c => c.Lines).Where(l => l is { Holds: false, N: > 0 }).ToList() is { Count: > 0 } missed)
            output.Write($"\nfirst of {missed.Count} lines that do not hold: {missed[0].Claim}, {missed[0].What}: {Figure(missed[0].Ours)} {Bounds(missed[0])}, the rule asks {Rule(missed[0].Line)} (n = {missed[0].N})\n");
    }

    /// <summary>Every line: paper against ours.</summary>
    public static void WriteLines(TextWriter output, IEnumerable<JudgedClaim> claims) => Screen.WriteTable(output, ["claim", "measured", "rule", "ours", "median", "95 % interval", "n", "deviation", "holds"],
        claims.SelectMany(c => c.Lines).Select(l => new[]
        {
            l.Claim, l.What, Rule(l.Line), Figure(l.Ours), Figure(l.Median), Bounds(l), $"{l.N}", Figure(l.Deviation), l.Holds ? "yes" : "no",
        }));

    /// <summary>What must hold: a mean lies above or below a number when its whole interval does.</summary>
    public static string Rule(ClaimLine line) => (line is { Statistic: Statistic.Mean, Condition: not Condition.Within } ? "95 % interval " : $"{line.Statistic} ".ToLowerInvariant())
        + (line.Condition == Condition.Within ? $"within {Figure(line.Tolerance)} of {Figure(line.Expected)}" : $"{line.Condition} {Figure(line.Expected)}".ToLowerInvariant());

    public static string Bounds(JudgedLine line) => line.Interval is null ? "no interval" : $"[{Figure(line.Interval.Low)}, {Figure(line.Interval.High)}]";

    /// <summary>Six significant digits; "not measured" for what is absent.</summary>
    public static string Figure(double? value) => value is null ? Format.NotMeasured : value.Value.ToString(Math.Abs(value.Value) is > 0 and (< 1e-4 or >= 1e6) ? "0.###e+0" : "G6", CultureInfo.InvariantCulture);
}

namespace PortfolioProject.Evidence;

/// <summary>Numbers as tables and documents show them; what is absent reads "not measured".</summary>
public static class Format
{
    public const string NotMeasured = "not measured";

    public static string Number(double? value, int decimals = 3) => value?.ToString("N" + decimals, CultureInfo.InvariantCulture) ?? NotMeasured;

    public static string Signed(double? value, int decimals = 3) => (value > 0 ? "+" : "") + Number(value, decimals);

    public static string Percent(double? value, int decimals = 1) => value is null ? NotMeasured : Number(value * 100, decimals) + " %";

    public static string Bounds(double? low, double? high, int decimals = 3) => low is null ? "no interval" : $"[{Number(low, decimals)}, {Number(high, decimals)}]";

    public static string P(double? p) => p < 0.001 ? "< 0.001" : Number(p);

    public static string Measured(MetricRow? row) => row?.Value is null ? NotMeasured : $"{Number(row.Value)} {Bounds(row.Interval?.Low, row.Interval?.High)}";

    public static string Name(Verdict? verdict) => verdict is null ? NotMeasured : verdict == Verdict.NoEvidence ? "no evidence" : $"{verdict}".ToLowerInvariant();

    internal static string Text(FormattableString text) => FormattableString.Invariant(text);
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>A number in prose that claims something: years, dates, names (p95, C4, 0003, RFC 9110), code, links and whole numbers below 10 are none.</summary>
internal sealed partial record Figure(string Text, double Value, int Decimals, bool IsPercent)
{
    public static IEnumerable<Figure> In(string text) => Number().Matches(NoClaim().Replace(text, " ")).Select(Read).Where(f => f.IsPercent || f.Decimals > 0 || (f.Value >= 10 && !IsYear(f)));

    /// <summary>Every number of a text that can back one.</summary>
    public static IEnumerable<double> All(string text) => Number().Matches(text).Select(m => Read(m).Value);

    private static Figure Read(Match m)
    {
        var digits = m.Groups["number"].Value.Replace(",", "");
        return new(m.Value.Trim(), double.Parse(digits, CultureInfo.InvariantCulture), digits.Contains('.') ? digits.Length - digits.IndexOf('.') - 1 : 0, m.Groups["percent"].Success);
    }

    private static bool IsYear(Figure f) => f is { Value: >= 1900 and <= 2100 } && !f.Text.Contains(',');

    [GeneratedRegex(@"(?<![\w.,])(?<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?<percent>\s?%)?(?![\w]|[.,:/]\d)")]
    private static partial Regex Number();

    [GeneratedRegex(@"`[^`]*`|\]\([^)]*\)|https?://\S+|\d{4}-\d\d(?:-\d\d)?|\b0\d+\b|\b[A-Z]{2,}[ -]\d+\b|\d+(?:\.\d+){2,}")]
    private static partial Regex NoClaim();
}

/// <summary>The numbers that something in the repository stands for: evidence blocks, overall metrics with their intervals, settings and datasheets.</summary>
internal sealed class Evidenced
{
    private readonly double[] _numbers;

    public Evidenced(Snapshot s)
    {
        var texts = s.Documents.SelectMany(d => d.Exhibits).Select(e => e.Body)
            .Concat(s.Files.Where(f => ShippedList.IsSetting(f) || f.EndsWith("DATASHEET.md", StringComparison.Ordinal)).Select(f => s.Text(f) ?? ""));
        var rows = s.Pinned.SelectMany(r => r.Rows).Where(r => r["slice"] is null).SelectMany(r => new[] { r["value"], r["n"], PinnedRun.Field(r["interval"], "low"), PinnedRun.Field(r["interval"], "high") });
        _numbers = [.. texts.SelectMany(Figure.All).Concat(rows.OfType<JsonValue>().Where(v => v.GetValueKind() == JsonValueKind.Number).Select(v => v.GetValue<double>())).Select(Math.Abs).Distinct()];
    }

    /// <summary>Whether some number, rounded as the figure is, reads the same; a percentage may stand for a share.</summary>
    public bool Holds(Figure f)
    {
        bool Reads(double x) => f.Decimals <= 15 && Math.Abs(Math.Round(x, f.Decimals, MidpointRounding.AwayFromZero) - f.Value) < 1e-9 * Math.Max(1, f.Value);
        return Array.Exists(_numbers, x => Reads(x) || (f.IsPercent && Reads(100 * x)));
    }
}

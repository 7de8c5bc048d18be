using System.Globalization;
using System.Text.Json.Nodes;
using PortfolioProject.Evidence;

namespace PortfolioProject.Evaluation;

/// <summary>The rows of the report's tables, ready to print.</summary>
internal sealed class ReportRows(Run run, MetricTable metrics, string best, string baseline)
{
    private readonly IReadOnlySet<string> _nulls = HarnessPortfolio.NullSystems(run);

    public static IReadOnlyList<MetricDefinition> Columns { get; } = HarnessMetrics.Main;

    private IReadOnlyList<string> Ranked => ReportModel.Ranked(run, metrics);

    public List<object> Systems() => [.. Ranked.Select(v => new
    {
        name = v,
        about = (string?)run.Manifest.Facts?["systems"]?[v]?["about"],
        kind = Kind(v),
        cells = Columns.Select(d => Cell(metrics.Find(d.Name, v), d.Unit == "characters" ? 0 : 3)).ToList(),
    })];

    public List<object> Comparisons()
    {
        var headline = HarnessMetrics.Main.Where(m => m.Headline).ToList();
        var cases = new Operand(run, baseline).Cases;
        return [.. Ranked.Where(v => v != baseline && !_nulls.Contains(v)).SelectMany(v => PairedComparison.Compare(cases, new Operand(run, v).Cases, headline, run.Manifest.Seed, HarnessPortfolio.InTest)
            .Select(c => new
            {
                system = v, metric = HarnessMetrics.Main.First(m => m.Name == c.Metric).Title, sort = Sort(c.Difference), difference = Format.Signed(c.Difference), interval = Format.Bounds(c.Interval.Low, c.Interval.High),
                p = Format.P(c.AdjustedP), detectable = Format.Number(c.MinimumDetectable), verdict = Format.Name(c.Verdict), verdictClass = Class(c.Verdict),
            }))];
    }

    public List<object> Outcomes() => [.. Ranked.Select(v =>
    {
        var counts = ReportModel.Count(run, v, c => c.Outcome).ToDictionary();
        return new { name = v, kind = Kind(v), counts = Enum.GetNames<Outcome>().Select(o => counts.GetValueOrDefault(o)).ToList() };
    })];

    public List<object> Stages()
    {
        var counts = ReportModel.Count(run, best, c => (string?)c.Detail?["stage"]).ToDictionary();
        var most = Math.Max(1, counts.Values.DefaultIfEmpty(1).Max());
        return [.. Enum.GetNames<FailureStage>().Select(s => new { name = s, count = counts.GetValueOrDefault(s), share = (100 * counts.GetValueOrDefault(s) / most).ToString(CultureInfo.InvariantCulture) })];
    }

    public List<object> Slices()
    {
        var accuracy = HarnessMetrics.Main.Where(m => m.Name == "accuracy").ToList();
        var against = best == baseline ? [] : PairedComparison.Compare(new Operand(run, baseline).Cases, new Operand(run, best).Cases, accuracy, run.Manifest.Seed, HarnessPortfolio.InTest, HarnessPortfolio.SliceTags)
            .Where(c => c.Slice is not null).ToDictionary(c => c.Slice!);
        return [.. metrics.Rows.Where(r => r.Name == "accuracy" && r.Variant == best && r.Slice is not null).Select(r =>
        {
            var c = against.GetValueOrDefault(r.Slice!);
            return new
            {
                name = r.Slice, kind = r.N < ReportModel.SmallSlice ? "small" : "", n = r.N, accuracy = Format.Number(r.Value), sort = Sort(r.Value), range = Format.Bounds(r.Interval?.Low, r.Interval?.High),
                recall = metrics.Find("context-recall", best, r.Slice)?.Value is { } recall ? Format.Number(recall) : "", difference = c is null ? "" : Format.Signed(c.Difference), p = c is null ? "" : Format.P(c.AdjustedP),
                verdict = c is null ? "" : Format.Name(c.Verdict), verdictClass = c is null ? "" : Class(c.Verdict),
            };
        })];
    }

    public static List<object> Chunkings(JsonObject sweep) => [.. sweep["chunkings"]!.AsArray().Select(c => new
    {
        name = (string?)c!["name"],
        cells = c["recall"]!.AsArray().Select(r => new { text = Format.Number((double?)r?["value"]), sort = Sort((double?)r?["value"]), range = Format.Bounds((double?)r?["low"], (double?)r?["high"]) }).ToList(),
        split = Format.Number((double?)c["split"]?["value"]),
        chunks = (int?)c["chunks"],
        kilobytes = Format.Number((long?)c["index_bytes"] / 1024.0, 0),
        build = Format.Number((double?)c["build_milliseconds"], 1),
    })];

    private static object Cell(MetricRow? row, int decimals) => new
    {
        text = row?.Value is { } value ? Format.Number(value, decimals) : "",
        sort = Sort(row?.Value),
        range = row?.Interval is { } i ? Format.Bounds(i.Low, i.High, decimals) : null,
    };

    private string Kind(string system) => _nulls.Contains(system) ? "null" : system == best ? "best" : "";

    private static string Class(Verdict verdict) => verdict == Verdict.NoEvidence ? "none" : Format.Name(verdict);

    private static string Sort(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}

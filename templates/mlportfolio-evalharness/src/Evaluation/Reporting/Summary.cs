namespace PortfolioProject.Evaluation;

/// <summary>What a run prints when it ends, as <c>summary.hbs</c> has it: the tables, the worst failure quoted, where the report is and what to try next.</summary>
public static class Summary
{
    private static readonly string[] Columns = ["utility", "accuracy", "em", "f1", "hallucination", "over-abstention", "ndcg@10", "context-recall"];

    public static void Print(Portfolio portfolio, Run run, Run? sweep, string report)
    {
        var metrics = run.LoadMetrics();
        var model = ReportModel.Of(run, metrics, sweep);
        (model["table"], model["report"], model["sweepTable"]) = (ReportModel.List(Lines(run, metrics)), report, sweep is null ? null : ReportModel.List(Lines(sweep)));
        Console.Out.Write(new Renderer(portfolio, metrics, LatencyTable.Measure(run.Timings)).Render(HtmlReport.Resource("summary.hbs"), model, "summary.hbs"));
    }

    /// <summary>The table of systems, best first, line by line.</summary>
    public static IReadOnlyList<string> Lines(Run run, MetricTable metrics)
    {
        var leading = ReportModel.Leading(metrics).Name;
        var columns = Columns.Where(c => metrics.Rows.Any(r => r.Name == c && r.Value is not null)).ToList();
        return Table(["system", .. columns], ReportModel.Ranked(run, metrics).Select(v => (string[])[v, .. columns.Select(c => Cell(metrics.Find(c, v), c == leading))]));
    }

    /// <summary>The table of chunkings, line by line.</summary>
    public static IReadOnlyList<string> Lines(Run sweep)
    {
        var model = ReportModel.Sweep(sweep, sweep.LoadMetrics());
        static string Number(JsonNode? value, int decimals = 3) => value is null ? "" : Format.Number((double?)value, decimals).Replace(",", "");
        return Table(["chunking", .. model["budgets"]!.AsArray().Select(b => $"{b}"), "split", "chunks", "index KB", "build ms"], model["chunkings"]!.AsArray().Select(row => (string[])
            [$"{row!["name"]}", .. row["recall"]!.AsArray().Select(r => Number(r?["value"])), Number(row["split"]?["value"]), Number(row["chunks"], 0), Number(row["kilobytes"], 0), Number(row["buildMilliseconds"], 1)]));
    }

    /// <summary>Every metric of every variant with its interval, as JSON or line by line.</summary>
    public static string Rates(Run run, bool json)
    {
        var (metrics, definitions) = (run.LoadMetrics(), HarnessPortfolio.Definitions(run));
        return json ? ReportModel.Rates(run, metrics).ToJsonString()
            : string.Join('\n', Table(["", .. definitions.Select(d => d.Title)], run.Variants.Select(v => (string[])[v, .. definitions.Select(d => Format.Measured(metrics.Find(d.Name, v)))])));
    }

    public static JsonNode Json(Run run, string report)
    {
        var metrics = run.LoadMetrics();
        var systems = run.Variants.ToDictionary(v => v, v => HarnessMetrics.Main.Select(d => metrics.Find(d.Name, v)).OfType<MetricRow>()
            .ToDictionary(r => r.Name, r => new { r.Value, r.Interval?.Low, r.Interval?.High, r.N, r.Unscored, r.Flag }));
        return ReportModel.Json(new { run = run.Manifest.Id, report, systems })!;
    }

    private static string[] Table(IReadOnlyList<string> head, IEnumerable<string[]> rows)
    {
        var text = new StringWriter { NewLine = "\n" };
        Screen.WriteTable(text, head, rows);
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    private static string Cell(MetricRow? row, bool interval) => row?.Value is not { } value ? ""
        : Format.Number(value) + (interval && row.Interval is { } i ? " " + Format.Bounds(i.Low, i.High) : "") + (row.Flag?.Contains("null system") == true ? "*" : "");
}

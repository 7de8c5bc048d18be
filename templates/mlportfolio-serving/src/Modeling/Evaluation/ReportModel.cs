namespace PortfolioProject.Modeling;

/// <summary>What blocks, charts, the model card and the screen say about an evaluation, computed from its cases.</summary>
public static class ReportModel
{
    /// <summary>The variant that may be shipped, as the run chose it.</summary>
    public static string Chosen(Run run) => (string?)run.Manifest.Facts?["chosen"] ?? throw new UserError("the run chose no model", run.Folder, fix: "Run again");

    /// <summary>What a run prints: the table, best first, then the choice with its reason and the worst failure.</summary>
    public static IReadOnlyList<string> Summary(Run run, MetricTable metrics)
    {
        var text = new StringWriter();
        string Cell(string metric, string variant) => Format.Number(metrics.Find(metric, variant)?.Value);
        Screen.WriteTable(text, ["model", "accuracy", "95 % interval", "log-loss", "brier", "ece"], Ranked(metrics).Select(r => (string[])[r.Variant, Format.Number(r.Value),
            Format.Bounds(r.Interval?.Low, r.Interval?.High), Cell("log-loss", r.Variant), Cell("brier", r.Variant), Cell("ece", r.Variant)]));
        return (text + Page("summary.hbs", run, metrics, Of(run))).TrimEnd('\n').Split('\n');
    }

    internal static JsonObject Of(Run run)
    {
        var (chosen, cases) = (Chosen(run), new Operand(run, Chosen(run)).Cases);
        var wrong = cases.Where(c => c.Outcome == "wrong").OrderByDescending(c => c.Values["confidence"]).ThenBy(c => c.Case, StringComparer.Ordinal).ToList();
        var confused = wrong.CountBy(c => (Label: c.Tags["label"], Predicted: (string?)c.Detail!["predicted"])).OrderByDescending(p => p.Value).ThenBy(p => p.Key.Label, StringComparer.Ordinal);
        return JsonSerializer.SerializeToNode(new
        {
            run.Manifest.Facts,
            chosen,
            chosenRandom = Twin(run, chosen),
            choice = EvidenceRun.Choose(run, Candidates(run)).Steps.Select(s => new { s.Candidate, s.Against, s.Effect }),
            splits = run.Variants.Where(v => Twin(run, v) is not null).Select(v => new { Name = v, Random = Twin(run, v), Effect = EvidenceRun.Compare(run, v, Twin(run, v)!) }),
            bins = ReliabilityBin.Of(cases),
            wrong = wrong.Count,
            confusions = confused.Take(5).Select(p => new { p.Key.Label, p.Key.Predicted, Count = p.Value }),
            worst = wrong.Take(5).Select(c => new { c.Case, Label = c.Tags["label"], Predicted = c.Detail!["predicted"], Confidence = c.Values["confidence"] }),
        }, JsonSerializerOptions.Web)!.AsObject();
    }

    /// <summary>Renders a page that lies in this library.</summary>
    internal static string Page(string name, Run run, MetricTable metrics, JsonObject model)
    {
        using var text = new StreamReader(typeof(ReportModel).Assembly.GetManifestResourceStream(name)!);
        return new Renderer(ServingPortfolio.Create(""), metrics, LatencyTable.Measure(run.Timings)).Render(text.ReadToEnd(), model, name);
    }

    /// <summary>Accuracy by model, and confidence against accuracy of the simplest candidate, of what is shipped and of what was not calibrated.</summary>
    internal static IReadOnlyDictionary<string, string> Charts(Run run)
    {
        var rows = Ranked(run.LoadMetrics()).ToLookup(r => ServingPortfolio.IsNull(run, r.Variant));
        var n = $"n = {run.Manifest.Facts!["rows"]} held-out rows";
        var caption = $"{n}; 95 % bootstrap over {run.Manifest.Facts["groups"]} groups ({run.Manifest.Facts["groupedBy"]}); hollow: random folds{string.Concat(rows[true].Select(r => $"; not drawn: {r.Variant}, {Format.Number(r.Value)}"))}";
        var lines = new[] { Candidates(run)[0], Chosen(run) }.Concat(run.Variants.Where(v => (bool?)Settings(run, v)["calibrate"] == false)).Distinct()
            .Select(v => new LineSeries(v, [.. ReliabilityBin.Of(new Operand(run, v).Cases).Where(b => b.N >= 20).Select(b => (b.Confidence, b.Accuracy))])).Where(s => s.Points.Count > 0);
        return new Dictionary<string, string>
        {
            ["accuracy.svg"] = DotPlot.Render(new ChartText("Accuracy by model and split", "Accuracy of each model with its 95 % interval, best first; hollow: under random folds.", "accuracy (share of rows)", Caption: caption),
                [.. rows[false].Select(r => new DotRow(r.Variant, r.Value, r.Interval, IsRandom(run, r.Variant)))]),
            ["reliability.svg"] = LineChart.Render(new ChartText("Confidence and accuracy", "Share of right answers against mean confidence, in tenths of confidence; the diagonal is perfect calibration.",
                "mean confidence (probability)", "accuracy (share of rows)", n + ", blocked folds; bins of fewer than 20 rows are not drawn"), [new LineSeries("calibrated", [(0, 0), (1, 1)]), .. lines]),
        };
    }

    /// <summary>The variant that differs from this one in its folds alone, which are random; null when none was measured.</summary>
    internal static string? Twin(Run run, string variant)
    {
        var wanted = Settings(run, variant).DeepClone();
        wanted["split"] = "random";
        return IsRandom(run, variant) ? null : run.Variants.FirstOrDefault(v => JsonNode.DeepEquals(Settings(run, v), wanted));
    }

    private static IEnumerable<MetricRow> Ranked(MetricTable metrics) => metrics.Rows.Where(r => r is { Name: "accuracy", Slice: null }).OrderByDescending(r => r.Value);

    private static IReadOnlyList<string> Candidates(Run run) => [.. run.Manifest.Config["candidates"]!.AsArray().Select(c => (string)c!)];

    private static JsonNode Settings(Run run, string variant) => run.Manifest.Config["variants"]![variant]!;

    private static bool IsRandom(Run run, string variant) => (string?)Settings(run, variant)["split"] == "random";
}

using System.Text.Json;
using System.Text.Json.Nodes;
using PortfolioProject.Evidence;

namespace PortfolioProject.Modeling;

/// <summary>What blocks, charts and the screen say about an evaluation, computed from its cases.</summary>
public static class ReportModel
{
    /// <summary>The variant that may be shipped, as the run chose it.</summary>
    public static string Chosen(Run run) => (string?)run.Manifest.Facts?["chosen"] ?? throw new UserError("the run chose no model", run.Folder, fix: "Run again");

    internal static JsonObject Of(Run run, MetricTable metrics)
    {
        var (chosen, cases) = (Chosen(run), new Operand(run, Chosen(run)).Cases);
        var wrong = Wrong(run);
        var twins = run.Variants.Where(v => Twin(run, v) is not null).ToList();
        return new JsonObject
        {
            ["facts"] = run.Manifest.Facts!.DeepClone(),
            ["chosen"] = chosen,
            ["chosenRandom"] = Twin(run, chosen),
            ["models"] = Array(run.Variants.OrderByDescending(v => metrics.Find("accuracy", v)!.Value).Select(v => (object)new
            {
                Name = v,
                Split = ServingPortfolio.Is(run, v, "split", "random") ? "random" : "blocked",
                IsChosen = v == chosen,
                IsNull = ServingPortfolio.Is(run, v, "model", "majority"),
            })),
            ["notMeasured"] = Array(run.Manifest.Facts["notMeasured"]!.AsObject().Select(v => (object)new { Name = v.Key, Why = (string?)v.Value })),
            ["choice"] = Array(EvidenceRun.Choose(run, Candidates(run)).Steps.Select(s => (object)new { s.Candidate, s.Against, s.Effect, Verdict = Format.Name(s.Effect.Verdict) })),
            ["splits"] = Array(twins.Select(v => (object)new
            {
                Name = v,
                Random = Twin(run, v),
                Effect = PairedComparison.Compare(new Operand(run, v).Cases, new Operand(run, Twin(run, v)).Cases, [ServingPortfolio.Accuracy], run.Manifest.Seed)[0],
            })),
            ["bins"] = Array(ServingPortfolio.Bins(cases).Select(bin => (object)new
            {
                From = bin.Key / 10.0,
                To = (bin.Key + 1) / 10.0,
                N = bin.Count(),
                Confidence = bin.Average(c => c.Values["confidence"]),
                Accuracy = bin.Average(c => c.Values["accuracy"]),
                Interval = Statistics.WilsonInterval(bin.Sum(c => c.Values["accuracy"]), bin.Count()),
            })),
            ["recalls"] = Array(metrics.Rows.Where(r => r.Name == "accuracy" && r.Variant == chosen && r.Slice is not null).Select(r => (object)new { Name = r.Slice!["label=".Length..], r.N, r.Value, r.Interval, r.Flag })),
            ["confusions"] = Array(wrong.CountBy(c => (Label: c.Tags["label"], Predicted: (string)c.Detail!["predicted"]!)).OrderByDescending(p => p.Value)
                .ThenBy(p => p.Key.Label, StringComparer.Ordinal).Take(5).Select(p => (object)new { p.Key.Label, p.Key.Predicted, Count = p.Value })),
            ["worst"] = Array(wrong.Take(5).Select(c => (object)new { c.Case, Label = c.Tags["label"], Predicted = (string?)c.Detail!["predicted"], Confidence = c.Values["confidence"] })),
            ["wrong"] = wrong.Count,
            ["output"] = Array(Lines(run, metrics).Concat(Notes(run))),
        };
    }

    /// <summary>The table that a run prints: best first, with intervals.</summary>
    public static IReadOnlyList<string> Lines(Run run, MetricTable metrics)
    {
        var text = new StringWriter { NewLine = "\n" };
        string Cell(string metric, string variant) => Format.Number(metrics.Find(metric, variant)?.Value);
        Screen.WriteTable(text, ["model", "accuracy", "95 % interval", "log-loss", "brier", "ece"], run.Variants.OrderByDescending(v => metrics.Find("accuracy", v)!.Value)
            .Select(v => (string[])[v, Cell("accuracy", v), metrics.Find("accuracy", v)!.Interval is { } i ? Format.Bounds(i.Low, i.High) : "", Cell("log-loss", v), Cell("brier", v), Cell("ece", v)]));
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    /// <summary>Which model is shipped and why, what was not measured, and the worst failure.</summary>
    public static IEnumerable<string> Notes(Run run)
    {
        var (chosen, facts) = (Chosen(run), run.Manifest.Facts!);
        yield return $"{facts["rows"]} rows, {facts["features"]} features, {facts["classes"]} classes; every row held out once; intervals over {facts["groups"]} groups ({facts["groupedBy"]})";
        foreach (var (candidate, against, e) in EvidenceRun.Choose(run, Candidates(run)).Steps)
            yield return $"{candidate} against {against}: accuracy {Format.Signed(e.Difference)} {Format.Bounds(e.Interval.Low, e.Interval.High)}, {Format.Name(e.Verdict)}; detectable {Format.Number(e.MinimumDetectable)}";
        yield return $"chosen: {chosen} (the simplest candidate that no later one is better than)";
        foreach (var (name, why) in facts["notMeasured"]!.AsObject()) yield return $"{name}: not measured, {why}";
        if (Wrong(run).FirstOrDefault() is { } worst)
            yield return $"worst failure of {chosen}: {worst.Case} is {worst.Tags["label"]}, said {worst.Detail!["predicted"]} with confidence {Format.Number(worst.Values["confidence"])}";
    }

    /// <summary>What the chosen model got wrong, the most confident first.</summary>
    private static List<CaseRecord> Wrong(Run run) => [.. new Operand(run, Chosen(run)).Cases.Where(c => c.Outcome == "wrong").OrderByDescending(c => c.Values["confidence"]).ThenBy(c => c.Case, StringComparer.Ordinal)];

    /// <summary>Accuracy by model, and confidence against accuracy of what is compared for shipping.</summary>
    internal static IReadOnlyDictionary<string, string> Charts(Run run)
    {
        var metrics = run.LoadMetrics();
        bool IsNull(MetricRow row) => ServingPortfolio.Is(run, row.Variant, "model", "majority");
        var all = metrics.Rows.Where(r => r is { Name: "accuracy", Slice: null }).OrderByDescending(r => r.Value).ToList();
        var rows = all.Where(r => !IsNull(r)).ToList();
        var caption = $"n = {rows[0].N} held-out rows, 95 % bootstrap over {rows[0].Clusters} groups ({run.Manifest.Facts?["groupedBy"]}); hollow: random folds"
            + string.Concat(all.Where(IsNull).Select(r => $"; not drawn: {r.Variant}, {Format.Number(r.Value)}"));
        string[] lines = [.. new[] { Candidates(run)[0], Chosen(run) }.Concat(run.Variants.Where(v => (bool?)run.Manifest.Config["variants"]![v]!["calibrate"] == false)).Distinct()];
        return new Dictionary<string, string>
        {
            ["accuracy.svg"] = DotPlot.Render(new ChartText("Accuracy by model and split", "Accuracy of each model with its 95 % interval, best first; hollow: under random folds.", "accuracy (share of rows)",
                Caption: caption), [.. rows.Select(r => new DotRow(r.Variant, r.Value, r.Interval, ServingPortfolio.Is(run, r.Variant, "split", "random")))]),
            ["reliability.svg"] = LineChart.Render(new ChartText("Confidence and accuracy", "Share of right answers against mean confidence, in tenths of confidence; the diagonal is perfect calibration.", "mean confidence (probability)", "accuracy (share of rows)",
                $"n = {rows[0].N} held-out rows, blocked folds; bins of fewer than 20 rows are not drawn"),
                [new LineSeries("calibrated", [(0, 0), (1, 1)]), .. lines.Select(v => new LineSeries(v, [.. ServingPortfolio.Bins(new Operand(run, v).Cases).Where(b => b.Count() >= 20)
                    .Select(b => (b.Average(c => c.Values["confidence"]), b.Average(c => c.Values["accuracy"])))])).Where(s => s.Points.Count > 0)]),
        };
    }

    internal static IReadOnlyList<string> Candidates(Run run) => [.. run.Manifest.Config["candidates"]!.AsArray().Select(c => (string)c!)];

    /// <summary>The variant that differs from this one in its folds alone, which are random; null when none was measured.</summary>
    internal static string? Twin(Run run, string variant)
    {
        var wanted = run.Manifest.Config["variants"]![variant]!.DeepClone();
        var isRandom = ServingPortfolio.Is(run, variant, "split", "random");
        wanted["split"] = "random";
        return run.Variants.FirstOrDefault(v => !isRandom && JsonNode.DeepEquals(run.Manifest.Config["variants"]![v], wanted));
    }

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    private static JsonArray Array(IEnumerable<object> items) => [.. items.Select(i => JsonSerializer.SerializeToNode(i, Camel))];
}

namespace PortfolioProject.Evaluation;

/// <summary>What a run prints when it ends: the table, the worst failure quoted, where the report is and what to try next.</summary>
public static class Summary
{
    private static readonly string[] Columns = ["utility", "accuracy", "em", "f1", "hallucination", "over-abstention", "ndcg@10", "context-recall"];

    public static void Print(Run run, Run? sweep, string report, bool json)
    {
        var metrics = run.LoadMetrics();
        if (json) Console.Out.WriteLine(Json(run, metrics, report).ToJsonString());
        else
        {
            Table(run, metrics);
            if (sweep is not null) SweepSummary.Print(sweep, json: false);
            Worst(run, ReportModel.Best(run, metrics));
            Console.Out.WriteLine($"report: {report}\nnext:   dotnet run --project src/Cli -- {Next(run, metrics)}");
        }
    }

    /// <summary>The table of systems, best first, line by line.</summary>
    public static IReadOnlyList<string> Lines(Run run, MetricTable metrics)
    {
        var text = new StringWriter { NewLine = "\n" };
        var leading = ReportModel.Leading(metrics).Name;
        var columns = Columns.Where(c => metrics.Rows.Any(r => r.Name == c && r.Value is not null)).ToList();
        Screen.WriteTable(text, ["system", .. columns], ReportModel.Ranked(run, metrics).Select(v => (string[])[v, .. columns.Select(c => Cell(metrics.Find(c, v), c == leading))]));
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    private static void Table(Run run, MetricTable metrics)
    {
        var lines = Lines(run, metrics).ToList();
        var flagged = metrics.Rows.Where(r => r.Slice is null && r.Flag?.Contains("won by null system") == true).DistinctBy(r => r.Name).ToList();
        if (flagged.Count > 0) lines.Add("* won by a null system, so it does not measure what its name says here: " + string.Join(", ", flagged.Select(f => $"{f.Name} ({f.Flag!.Split("null system ")[1]})")));
        var leading = ReportModel.Leading(metrics);
        if (metrics.Find(leading.Name, ReportModel.Best(run, metrics)) is { } row)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"test split, n = {row.N} questions from {row.Clusters} sources{(row.Clusters < 10 ? " (few: intervals are not to be relied on)" : "")}; every interval stands in the report"));
        var scope = run.Cases.Where(HarnessPortfolio.InTest).ToList();
        foreach (var bad in scope.Where(c => !Grader.IsScored(Enum.Parse<Outcome>(c.Outcome))).CountBy(c => (c.Outcome, c.Unscored?.Values.FirstOrDefault())))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{bad.Key.Outcome}: {bad.Value} of {scope.Count} cases{(bad.Key.Item2 is { } why ? $", {why}" : "")}"));
        lines.AddRange(Comparisons(run, metrics, leading));
        foreach (var m in run.Manifest.Resources?["models"]?.AsArray() ?? [])
            lines.Add($"{m!["model"]}: {m["calls"]} calls, {m["replayed"]} from cassettes, {m["tokens"]?["input"]} tokens in, {m["tokens"]?["output"]} out; cost {m["costAsRun"] ?? "unknown"}, as if live {m["costAsIfLive"] ?? "unknown"} {m["currency"]}");
        foreach (var (name, why) in run.Manifest.Facts?["not_measured"]?.AsObject() ?? []) lines.Add($"{name}: not measured, {why}");
        Console.Out.WriteLine(string.Join('\n', lines));
    }

    private static IEnumerable<string> Comparisons(Run run, MetricTable metrics, MetricDefinition leading)
    {
        var best = ReportModel.Best(run, metrics);
        if ((string?)run.Manifest.Facts?["baseline"] is not { } baseline || best == baseline) yield break;
        foreach (var c in ReportModel.Compare(run, baseline, best, [leading]))
            yield return string.Create(CultureInfo.InvariantCulture, $"{best} against {baseline}: {c.Metric} {c.Difference:+0.000;-0.000;0.000} [{c.Interval.Low:0.000}, {c.Interval.High:0.000}], {Word(c.Verdict)}; smallest detectable effect {c.MinimumDetectable:0.000}");
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Better => "better", Verdict.Worse => "worse", _ => "no evidence of a difference" };

    private static string Cell(MetricRow? row, bool interval)
    {
        if (row?.Value is not { } value) return "";
        var text = value.ToString("0.000", CultureInfo.InvariantCulture);
        if (interval && row.Interval is { } i) text += string.Create(CultureInfo.InvariantCulture, $" [{i.Low:0.000}, {i.High:0.000}]");
        return text + (row.Flag?.Contains("null system") == true ? "*" : "");
    }

    private static void Worst(Run run, string best)
    {
        var worst = ReportModel.Failures(run, best, Outcome.Hallucination, Outcome.Incorrect).FirstOrDefault() ?? ReportModel.Failures(run, best, Outcome.OverAbstention).FirstOrDefault();
        if (worst?.Detail is not { } d) return;
        var gold = (string?)d["golds"]?.AsArray().FirstOrDefault() ?? "the corpus does not say";
        Console.Out.WriteLine($"\nworst failure of {best}: {worst.Case} ({worst.Outcome}, {(string?)d["stage"] ?? "stage unknown"})\n  asked: {(string?)d["question"]}\n  gold:  {gold}\n  said:  {((string?)d["answer"])?.ReplaceLineEndings(" ") ?? "(abstained)"}\n");
    }

    private static string Next(Run run, MetricTable metrics)
    {
        var best = ReportModel.Best(run, metrics);
        return ReportModel.Failures(run, best, Outcome.Hallucination, Outcome.Incorrect, Outcome.OverAbstention).FirstOrDefault() is { } worst ? $"show {worst.Case} --system {best}" : $"explain {ReportModel.Leading(metrics).Name}";
    }

    private static JsonObject Json(Run run, MetricTable metrics, string report) => new()
    {
        ["run"] = run.Manifest.Id,
        ["report"] = report,
        ["systems"] = new JsonObject(run.Variants.Select(v => KeyValuePair.Create(v, (JsonNode?)new JsonObject(HarnessMetrics.Main
            .Select(d => metrics.Find(d.Name, v)).OfType<MetricRow>()
            .Select(r => KeyValuePair.Create(r.Name, (JsonNode?)new JsonObject { ["value"] = r.Value, ["low"] = r.Interval?.Low, ["high"] = r.Interval?.High, ["n"] = r.N, ["unscored"] = r.Unscored, ["flag"] = r.Flag })))))),
    };
}

namespace PortfolioProject.Ladder;

/// <summary>What a run prints when it ends: the ladder as a table, the worst failure quoted, and what to try next.</summary>
public static class Summary
{
    public static void Print(IReadOnlyList<Run> runs, TextWriter output, bool json)
    {
        var (run, metrics) = (runs[0], runs[0].LoadMetrics());
        if (json)
        {
            var model = ReportModel.Of(run, metrics, runs.FirstOrDefault(r => r.Manifest.Kind == LadderRun.Hard), runs.FirstOrDefault(r => r.Manifest.Kind == LadderRun.Detection));
            output.WriteLine(new JsonObject { ["run"] = run.Manifest.Id, ["ledger"] = model["ledger"]?.DeepClone(), ["curve"] = model["curve"]?.DeepClone(), ["audit"] = model["audit"]?.DeepClone(), ["filters"] = model["filters"]?.DeepClone() }.ToJsonString());
            return;
        }

        foreach (var line in Lines(run, metrics)) output.WriteLine(line);
        var drawn = FormattableString.Invariant($"nothing planted: detection not measured; a seed trains on {metrics.Find("rows", "blocked")?.Value:N0} rows of those that are not sealed (at most: training_rows)");
        output.WriteLine($"\n{metrics.Find("accuracy", LadderSteps.Redesigned)?.N} seeds, 95 % intervals over seeds; {(ReportModel.Planted(run) ? "faults planted, detection measured" : drawn)}");
        foreach (var finding in run.Manifest.Facts?["audit"]?["findings"]?.AsArray() ?? []) output.WriteLine($"worth a look: {finding!["finder"]}: {finding["what"]}");
        if (run.Cases.FirstOrDefault(c => c.Variant == ReportModel.Last(run))?.Detail?["worst"] is { } worst)
            output.WriteLine(FormattableString.Invariant($"\nworst failure of {ReportModel.Last(run)}: row {worst["row"]} is {worst["actual"]}, predicted {worst["predicted"]} at probability {(double)worst["probability"]!:0.000}"));
        output.WriteLine($"run:  {Path.GetRelativePath(Environment.CurrentDirectory, run.Folder)}\nnext: dotnet run --project src/Cli -- review export");
    }

    /// <summary>The steps with their values and the paired difference to the step that each changes.</summary>
    public static IReadOnlyList<string> Lines(Run run, MetricTable metrics)
    {
        var text = new StringWriter { NewLine = "\n" };
        Screen.WriteTable(text, ["step", "accuracy", "macro-F1", "rare recall", "ECE", "against", "difference", "verdict"], LadderSteps.All.Where(s => run.Variants.Contains(s.Name)).Select(step =>
        {
            var c = step.From is null ? null : ReportModel.Compare(run, step.From, step.Name).FirstOrDefault(x => x.Metric == "accuracy");
            string Value(string metric) => Format.Number(metrics.Find(metric, step.Name)?.Value);
            return (string[])[step.Name, Value("accuracy"), Value("macro-f1"), Value("rare-recall"), Value("ece"), step.From ?? "", c is null ? "" : $"{Format.Signed(c.Difference)} {Format.Bounds(c.Interval.Low, c.Interval.High)}", c is null ? "" : Format.Name(c.Verdict)];
        }));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using PortfolioProject.Evidence;

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

    private static void Table(Run run, MetricTable metrics)
    {
        var nulls = HarnessPortfolio.NullSystems(run);
        var rows = run.Variants.OrderByDescending(v => metrics.Find("utility", v)?.Value ?? double.NegativeInfinity).ThenBy(v => v, StringComparer.Ordinal)
            .Select(v => (string[])[v, .. Columns.Select(c => Cell(metrics.Find(c, v), c == "utility"))]);
        Screen.WriteTable(Console.Out, ["system", .. Columns], rows);
        var lines = new List<string>();
        var flagged = metrics.Rows.Where(r => r.Slice is null && r.Flag?.Contains("won by null system") == true).Select(r => (r.Name, r.Flag)).Distinct().ToList();
        if (flagged.Count > 0) lines.Add("a null system wins, so read with care: " + string.Join("; ", flagged.Select(f => $"{f.Name} ({f.Flag!.Split("null system ")[1]})")));
        var first = run.Variants.FirstOrDefault(v => !nulls.Contains(v)) ?? run.Variants[0];
        if (metrics.Find("utility", first) is { } row) lines.Add(string.Create(CultureInfo.InvariantCulture, $"test split, n = {row.N} questions from {row.Clusters} sources; 95 % intervals in metrics.json and the report{(row.Flag is null ? "" : $"; {row.Flag}")}"));
        var unscored = run.Cases.Count(c => HarnessPortfolio.InTest(c) && Enum.TryParse<Outcome>(c.Outcome, out var o) && !Grader.IsScored(o));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"unscored or failed cases: {unscored} of {run.Cases.Count(HarnessPortfolio.InTest)}"));
        lines.AddRange(Comparisons(run));
        Console.Out.WriteLine(string.Join('\n', lines));
    }

    private static IEnumerable<string> Comparisons(Run run)
    {
        if ((string?)run.Manifest.Facts?["baseline"] is not { } baseline) yield break;
        var definition = HarnessMetrics.Main.Where(m => m.Name == "utility").ToList();
        var best = ReportModel.Best(run, run.LoadMetrics());
        if (best == baseline) yield break;
        var both = PairedComparison.Compare(new Operand(run, baseline).Cases, new Operand(run, best).Cases, definition, run.Manifest.Seed, HarnessPortfolio.InTest);
        foreach (var c in both)
            yield return string.Create(CultureInfo.InvariantCulture, $"{best} against {baseline}: utility {c.Difference:+0.000;-0.000} [{c.Interval.Low:0.000}, {c.Interval.High:0.000}], {Word(c.Verdict)}; smallest detectable effect {c.MinimumDetectable:0.000}");
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
        return ReportModel.Failures(run, best, Outcome.Hallucination, Outcome.Incorrect, Outcome.OverAbstention).FirstOrDefault() is { } worst ? $"show {worst.Case} --system {best}" : "explain utility";
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

namespace PortfolioProject.Evaluation;

/// <summary>The charts of a pinned run, drawn from its cases: file name → SVG.</summary>
public static class ReportCharts
{
    public static IReadOnlyDictionary<string, string> Of(Run run) => run.Manifest.Kind is not (EvaluationRun.Kind or ChunkSweep.Kind) ? new Dictionary<string, string>()
        : run.Manifest.Kind == ChunkSweep.Kind ? new Dictionary<string, string> { ["chunk-sweep.svg"] = Sweep(run) }
        : new (string Name, string? Svg)[] { ("systems.svg", Systems(run)), ("abstention.svg", Abstention(run)) }.Where(c => c.Svg is not null).ToDictionary(c => c.Name, c => c.Svg!);

    private static string Systems(Run run)
    {
        var metrics = run.LoadMetrics();
        var leading = ReportModel.Leading(metrics);
        var nulls = HarnessPortfolio.NullSystems(run);
        var rows = ReportModel.Ranked(run, metrics).Select(v => metrics.Find(leading.Name, v)).OfType<MetricRow>().ToList();
        return DotPlot.Render(new ChartText($"{leading.Title} by system", $"{leading.Title} of each system with its 95 % interval, best first; hollow marks are null systems.",
            leading.Name == "utility" ? "mean utility (points a question)" : $"mean {leading.Title} ({leading.Unit})",
            Caption: Invariant($"n = {rows.Max(r => r.N)} test questions; 95 % bootstrap over {rows.Max(r => r.Clusters)} sources; hollow: null systems")),
            [.. rows.Select(r => new DotRow(r.Variant, r.Value, r.Interval, nulls.Contains(r.Variant)))]);
    }

    /// <summary>What each threshold would have cost on the test split, for every system that can abstain: where the tuned one stands is not drawn from test. Null where no such system was graded.</summary>
    private static string? Abstention(Run run)
    {
        var worth = ReportModel.Worth(run);
        var nulls = HarnessPortfolio.NullSystems(run);
        var series = run.Variants.Where(v => !nulls.Contains(v)).Select(v => new LineSeries(v, [.. RiskCoverage([.. HarnessPortfolio.InTestOf(run, v).Where(c => Grader.IsScored(ReportModel.Graded(c)))], worth)]))
            .Where(s => s.Points.Count > 1).ToList();
        var n = run.Cases.Where(HarnessPortfolio.InTest).Select(c => c.Case).Distinct().Count();
        return series.Count == 0 ? null : LineChart.Render(new ChartText("Utility against the share answered", "Mean utility of each system when only its most confident answers are given.",
            "share of questions answered", "mean utility (points)", Invariant($"n = {n} test questions, unanswerable ones included")), series);
    }

    private static IEnumerable<(double Share, double Utility)> RiskCoverage(IReadOnlyList<CaseRecord> cases, UtilityConfig worth)
    {
        const int Steps = 20;
        var sorted = ReportModel.MostConfident(cases).ToList();
        double Answered(CaseRecord c) => Enum.TryParse<Outcome>((string?)c.Detail?["ungated"], out var o) ? worth.Of(o) : 0;
        double Declined(CaseRecord c) => worth.Of(c.Tags.GetValueOrDefault("answerable") == "no" ? Outcome.CorrectAbstention : Outcome.OverAbstention);
        return Enumerable.Range(0, sorted.Count == 0 ? 0 : Steps + 1).Select(step => (Step: step, Answered: sorted.Count * step / Steps))
            .Select(x => ((double)x.Step / Steps, (sorted.Take(x.Answered).Sum(Answered) + sorted.Skip(x.Answered).Sum(Declined)) / sorted.Count));
    }

    private static string Sweep(Run run)
    {
        var metrics = run.LoadMetrics();
        var budgets = HarnessPortfolio.Budgets(run).Order().ToList();
        var n = metrics.Rows.Select(r => r.N).DefaultIfEmpty(0).Max();
        return LineChart.Render(new ChartText("Evidence found within a budget", "Recall of gold characters against retrieved characters, one line a chunking, BM25.",
            "retrieved characters (budget)", "recall of gold characters", Invariant($"n = {n} test questions with gold spans; BM25; interpolated between whole chunks")),
            [.. run.Variants.Select(v => new LineSeries(v, [.. budgets.Select(b => ((double)b, metrics.Find(ChunkSweep.Recall(b), v)?.Value ?? 0))]))]);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

namespace PortfolioProject.Grokking;

/// <summary>Accuracy along training, and what documents quote of it.</summary>
public static class GrokkingFigures
{
    public static IReadOnlyDictionary<string, string> Of(Run run)
    {
        var figures = new Dictionary<string, string>();
        var trained = run.Cases.Where(c => c.Detail?["curve"] is JsonArray).ToList();
        foreach (var group in trained.GroupBy(c => c.Variant))
        {
            var text = new ChartText($"Accuracy along training, {group.Key}", "Accuracy on training and test pairs over steps of gradient descent, one thin line a seed, medians bold.",
                "step of full-batch gradient descent (log scale)", "accuracy", $"Thin lines: {group.Count()} seeds; bold: their median. A seed stops when both accuracies are 1, and counts as 1 from there on.");
            figures[$"accuracy-{group.Key.Replace(" ", "-")}.svg"] = CurveChart.Render(text, [Curve("training pairs", group, 1), Curve("test pairs", group, 2)], [new Level("95 %", 0.95)], logY: false);
        }

        return figures;
    }

    public static JsonObject Findings(IReadOnlyDictionary<string, Run> runs) => new()
    {
        ["grokking"] = new JsonArray([.. runs.Values.Where(r => r.Manifest.Kind.StartsWith("grokking", StringComparison.Ordinal)).SelectMany(r => r.Cases.GroupBy(c => c.Variant)).Select(g =>
        {
            string Median(string name) => g.Where(c => c.Values.ContainsKey(name)).Select(c => c.Values[name]).ToList() is { Count: > 0 } v ? Summary.Figure(Series.Median(v)) : "–";
            return new JsonObject
            {
                ["variant"] = g.Key,
                ["seeds"] = g.Count(),
                ["reached"] = g.Count(c => c.Values.GetValueOrDefault("test-accuracy") >= 0.95),
                ["train"] = Median("train-accuracy"),
                ["test"] = Median("test-accuracy"),
                ["trainStep"] = Median("train-step"),
                ["testStep"] = Median("test-step"),
                ["delay"] = Median("delay"),
            };
        })]),
    };

    private static Curve Curve(string name, IEnumerable<CaseRecord> cases, int column)
    {
        var traces = cases.Select(c => c.Detail!["curve"]!.AsArray().Where(p => (double)p![0]! > 0).ToDictionary(p => (double)p![0]!, p => (double)p![column]!)).ToList();
        static double? At(Dictionary<double, double> trace, double step) => trace.TryGetValue(step, out var y) ? y : step > trace.Keys.Max() ? trace[trace.Keys.Max()] : null;
        var shared = traces.SelectMany(t => t.Keys).Distinct().Where(step => traces.All(t => At(t, step) is not null)).Order();
        return new Curve(name, [.. shared.Select(step => new CurvePoint(step, Series.Median(traces.Select(t => At(t, step)!.Value))))],
            [.. traces.Select(t => (IReadOnlyList<CurvePoint>)[.. t.OrderBy(p => p.Key).Select(p => new CurvePoint(p.Key, p.Value))])]);
    }
}

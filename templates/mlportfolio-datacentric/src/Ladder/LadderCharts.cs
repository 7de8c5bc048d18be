using System.Text;

namespace PortfolioProject.Ladder;

/// <summary>Charts of a pinned run, drawn from its cases: file name → SVG.</summary>
public static class LadderCharts
{
    public static IReadOnlyDictionary<string, string> Of(Run run)
    {
        var metrics = run.LoadMetrics();
        return new (string Name, string? Svg)[] { ("budget.svg", Budget(run, metrics)), ("ladder.svg", Ladder(run, metrics)), ("reliability.svg", Reliability(run)), ("confusion.svg", Confusion(run)) }
            .Where(c => c.Svg is not null).ToDictionary(c => c.Name, c => c.Svg!);
    }

    private static string? Budget(Run run, MetricTable metrics)
    {
        if (ReportModel.Curve(run, metrics).ToList() is not { Count: > 0 } curve || metrics.Find("accuracy", LadderSteps.Redesigned) is not { } none) return null;
        (double, double) Start = (0, none.Value!.Value);
        return LineChart.Render(new ChartText("What reviewed labels buy", "Accuracy on the sealed test set against the number of labels reviewed, in order of doubt and by chance; the oracle has every label right.",
            "labels reviewed", "accuracy on the sealed test set", FormattableString.Invariant($"mean of {none.N} seeds; every reviewed label is set right; the model is frozen")),
        [
            new("most doubtful first", [Start, .. curve.Select(c => ((double)c.Budget, c.Ranked.Value!.Value))]),
            new("by chance", [Start, .. curve.Select(c => ((double)c.Budget, c.Random.Value!.Value))]),
            new("all labels right", [.. new[] { 0.0, curve[^1].Budget }.Select(x => (x, metrics.Find("accuracy", "oracle")?.Value ?? 0))]),
        ]);
    }

    private static string? Ladder(Run run, MetricTable metrics)
    {
        var steps = LadderSteps.All.Where(s => metrics.Find("accuracy", s.Name)?.Value is not null).Select(s => (Step: s, Row: metrics.Find("accuracy", s.Name)!)).ToList();
        return metrics.Find("accuracy", LadderSteps.Redesigned) is null ? null : DotPlot.Render(new ChartText("The data ladder", "Accuracy of the frozen model after each step, with 95 % intervals; hollow marks are controls.", "accuracy",
            Caption: $"n = {steps[0].Row.N} seeds, 95 % t intervals over seeds; raw is measured on its own random split; hollow: controls"),
            [.. steps.Select(s => new DotRow(s.Step.Name, s.Row.Value, s.Row.Interval, s.Step.Control))]);
    }

    private static string? Reliability(Run run)
    {
        LineSeries? Of(string step)
        {
            var bins = run.Cases.Where(c => c.Variant == step).SelectMany(c => c.Detail?["reliability"]?.AsArray().Index() ?? []).GroupBy(b => b.Index, b => b.Item!.AsArray())
                .Select(g => (Rows: g.Sum(b => (int)b[0]!), Right: g.Sum(b => (int)b[1]!), Confidence: g.Sum(b => (double)b[2]!))).Where(b => b.Rows >= 20).ToList();
            return bins.Count < 2 ? null : new(step, [.. bins.Select(b => (b.Confidence / b.Rows, (double)b.Right / b.Rows))]);
        }

        return Of(LadderSteps.Redesigned) is { } before && Of(ReportModel.Last(run)) is { } after ? LineChart.Render(new ChartText("Reliability before and after", "Share right against mean confidence, by bin; a calibrated model lies on the diagonal.",
            "mean confidence of the bin", "share right", "bins with at least 20 rows, all seeds together"), [before, after, new("calibrated", [(0.2, 0.2), (1, 1)])]) : null;
    }

    /// <summary>Two matrices side by side: rows are true classes, cells count predictions over all seeds; the stronger a wrong cell's colour, the more often. Long names of classes become numbers with a key.</summary>
    private static string? Confusion(Run run)
    {
        if (ReportModel.Confusion(run, LadderSteps.Redesigned) is not { } before || ReportModel.Confusion(run, ReportModel.Last(run)) is not { } after) return null;
        var (names, size) = (run.Manifest.Facts!["classes"]!.AsArray().Select(c => (string)c!).ToList(), 270.0 / before.Length);
        var (most, svg) = (before.Concat(after).SelectMany((r, i) => r.Where((_, j) => j != i % before.Length)).DefaultIfEmpty(1).Max(), new StringBuilder());
        var marks = names.All(n => n.Length <= 3) ? names : [.. names.Select((_, i) => $"{i + 1}")];
        var key = marks == names ? [] : names.Select((n, i) => $"{i + 1} {n}").Chunk(4).Select(some => System.Net.WebUtility.HtmlEncode(string.Join(", ", some))).ToList();
        void Add(FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 {366 + (18 * key.Count)}\" role=\"img\" aria-labelledby=\"t d\"><title id=\"t\">Confusion before and after</title><desc id=\"d\">True class by row, predicted class by column, counted over all seeds.</desc>");
        Add($"<style>svg{{--bg:#fff;--ink:#1f2328;--hot:#b84a00;--rule:#d1d9e0}}@media(prefers-color-scheme:dark){{svg{{--bg:#0d1117;--ink:#f0f6fc;--hot:#ff9d5c;--rule:#30363d}}}}text{{font:{Math.Min(12, size * 0.42):0.#}px system-ui,sans-serif;fill:var(--ink);text-anchor:middle}}.head{{font-size:13px;text-anchor:start}}</style><rect width=\"100%\" height=\"100%\" fill=\"var(--bg)\"/>");
        foreach (var (panel, (title, counts)) in new[] { (LadderSteps.Redesigned, before), (ReportModel.Last(run), after) }.Index())
        {
            var left = 36 + (312 * panel);
            Add($"<text class=\"head\" x=\"{left}\" y=\"22\">{title}</text>");
            for (var i = 0; i < counts.Length; i++)
            {
                Add($"<text x=\"{left - 12}\" y=\"{52 + (size * (i + 0.64)):0.#}\">{System.Net.WebUtility.HtmlEncode(marks[i])}</text><text x=\"{left + (size * (i + 0.5)):0.#}\" y=\"44\">{System.Net.WebUtility.HtmlEncode(marks[i])}</text>");
                for (var j = 0; j < counts.Length; j++)
                    Add($"<rect x=\"{left + (size * j):0.#}\" y=\"{52 + (size * i):0.#}\" width=\"{size:0.##}\" height=\"{size:0.##}\" fill=\"var(--hot)\" fill-opacity=\"{(i == j ? 0 : 0.85 * counts[i][j] / most):0.###}\" stroke=\"var(--rule)\"/>{(counts[i][j] == 0 || $"{counts[i][j]}".Length * Math.Min(12, size * 0.42) * 0.6 > size ? "" : $"<text x=\"{left + (size * (j + 0.5)):0.#}\" y=\"{52 + (size * (i + 0.64)):0.#}\">{counts[i][j]}</text>")}");
            }
        }

        foreach (var (i, line) in key.Index()) Add($"<text class=\"head\" x=\"36\" y=\"{366 + (18 * i)}\">{line}</text>");
        return svg.Append(FormattableString.Invariant($"<text class=\"head\" x=\"36\" y=\"348\">rows: true class, columns: predicted; counts over {run.Cases.Count(c => c.Variant == LadderSteps.Redesigned)} seeds, wrong cells shaded</text></svg>\n")).ToString();
    }
}

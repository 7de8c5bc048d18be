using PortfolioProject.Evidence;
using PortfolioProject.Replication;

namespace PortfolioProject.RandomFeatures;

/// <summary>The figures of a run: test loss, test error and norm against size, one panel a label noise, or one curve a setting.</summary>
public static class Figures
{
    private static readonly (string Metric, string Title, string Unit, bool Log)[] Panels =
        [("test-loss", "Test loss", "squared error", true), ("test-error", "Test error", "share of rows", true), ("norm", "Norm of the weights", "Euclidean norm", true)];

    public static IReadOnlyDictionary<string, string> Of(Run run)
    {
        var figures = new Dictionary<string, string>();
        var variants = run.Variants.Where(v => run.Cases.Any(c => c.Variant == v && c.Values.ContainsKey("features"))).ToList();
        var noises = run.Cases.Where(c => variants.Contains(c.Variant)).Select(c => c.Tags["noise"]).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var panel in Panels)
            foreach (var noise in noises)
                figures[$"{panel.Metric}-noise-{noise}.svg"] = Panel(run, panel, noise, variants);
        return figures;
    }

    private static string Panel(Run run, (string Metric, string Title, string Unit, bool Log) panel, string noise, IReadOnlyList<string> variants)
    {
        var bySamples = Series.VariesSamples(run);
        var curves = variants.Select(v => (Name: v, Series: Series.Of(run, v, panel.Metric, noise))).Where(c => c.Series.Seeds.Count > 0).ToList();
        var seeds = curves.Max(c => c.Series.Seeds.Count);
        var samples = run.Cases.Where(c => c.Values.ContainsKey("samples")).Select(c => c.Values["samples"]).Distinct().Order().ToList();
        var widths = run.Cases.Where(c => c.Values.ContainsKey("features")).Select(c => c.Values["features"]).Distinct().ToList();
        double[] limit = [.. run.Cases.Where(c => c.Variant == SeedRun.KernelMethod && c.Tags["noise"] == noise && c.Values.ContainsKey(panel.Metric)).Select(c => c.Values[panel.Metric])];
        var few = curves.Count <= 2;
        var text = new ChartText($"{panel.Title}, {Percent(noise)} label noise", $"{panel.Title} against {(bySamples ? "training rows" : "features per training row")}, one curve a method, on logarithmic axes.",
            bySamples ? "training rows n (log scale)" : "features per training row, N/n (log scale)", $"{panel.Title.ToLowerInvariant()} ({panel.Unit}, log scale)",
            $"Medians over {seeds} seeds{(few ? "; thin lines: single seeds; bands: 95 % t interval of the mean logarithm" : "")}. {(bySamples ? $"N = {widths.Max():0}" : $"n = {samples[0]:0}")}; "
            + $"test rows: all others.{(limit.Length > 0 && !bySamples && variants.Count <= 2 ? " Kernel limit: median of Gaussian-kernel interpolation." : "")}");
        return CurveChart.Render(text, [.. curves.Select(c => few ? c.Series.ToCurve(c.Name, true) : Bare(c.Series.ToCurve(c.Name, false)))],
            limit.Length > 0 && few && !bySamples ? [new Level("kernel limit", Series.Median(limit))] : [], bySamples ? (widths.Max(), "n = N") : (1, "N = n"), logY: panel.Log);
    }

    private static Curve Bare(Curve curve) => curve with { Points = [.. curve.Points.Select(p => p with { Low = null, High = null })] };

    private static string Percent(string noise) => Cells.Number(100 * double.Parse(noise, System.Globalization.CultureInfo.InvariantCulture)) + " %";
}

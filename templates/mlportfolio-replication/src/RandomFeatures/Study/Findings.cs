using System.Text.Json.Nodes;
using PortfolioProject.Evidence;
using PortfolioProject.Replication;

namespace PortfolioProject.RandomFeatures;

/// <summary>What documents quote of the first paper's published runs: where curves peak, what large models gain, what each setting does.</summary>
public static class Findings
{
    public static JsonObject Of(IReadOnlyDictionary<string, Run> runs) => new(runs.Where(r => !r.Key.StartsWith("grokking", StringComparison.Ordinal))
        .Select(r => KeyValuePair.Create("rows_" + r.Key.Replace('-', '_'), (JsonNode?)new JsonArray([.. Rows(r.Value)]))));

    /// <summary>One row a variant and noise level of a run along sizes.</summary>
    private static IEnumerable<JsonObject> Rows(Run run)
    {
        foreach (var variant in run.Variants)
            foreach (var noise in run.Cases.Where(c => c.Variant == variant && c.Values.ContainsKey("features")).Select(c => c.Tags["noise"]).Distinct().Order(StringComparer.Ordinal))
            {
                var (loss, error) = (Series.Of(run, variant, "test-loss", noise), Series.Of(run, variant, "test-error", noise));
                if (loss.Seeds.Count < 2) continue;
                var medians = Enumerable.Range(0, loss.Sizes.Count).Select(i => Series.Median(loss.Column(i))).ToList();
                var means = Enumerable.Range(0, loss.Sizes.Count).Select(i => Statistics.Mean(loss.Column(i))).ToList();
                var peak = Peak(medians);
                var small = Enumerable.Range(0, error.Sizes.Count).Where(i => error.Sizes[i] < 0.95).ToList();
                var row = new JsonObject
                {
                    ["variant"] = variant,
                    ["noise"] = noise,
                    ["peakSize"] = peak is { } at ? Summary.Figure(loss.Sizes[at]) : "none",
                    ["peakMedian"] = peak is { } a ? Summary.Figure(medians[a]) : "–",
                    ["peakMean"] = peak is { } b ? Summary.Figure(means[b]) : "–",
                    ["peakMaximum"] = peak is { } c ? Summary.Figure(loss.Column(c).Max()) : "–",
                    ["lastSize"] = Summary.Figure(loss.Sizes[^1]),
                    ["lastMedian"] = Summary.Figure(medians[^1]),
                    ["lastError"] = Summary.Figure(Series.Median(error.Column(error.Sizes.Count - 1))),
                };
                if (small.Count > 0 && !Series.VariesSamples(run))
                {
                    double[] gain = [.. error.Seeds.Select(s => small.Min(i => s.Values[i]) - s.Values[^1])];
                    var interval = Statistics.TInterval(gain);
                    row["smallError"] = Summary.Figure(Series.Median(error.Seeds.Select(s => small.Min(i => s.Values[i]))));
                    row["gain"] = $"{Format.Signed(Statistics.Mean(gain), 4)} {Format.Bounds(interval.Low, interval.High, 4)}";
                    row["large"] = interval.Low > 0 ? "large model better" : interval.High < 0 ? "best small model better" : "no evidence";
                }

                double[] limit = [.. run.Cases.Where(c => c.Variant == SeedRun.KernelMethod && c.Tags["noise"] == noise).OrderBy(c => c.Cluster, StringComparer.Ordinal).Select(c => c.Values["norm"])];
                var norms = Series.Of(run, variant, "norm", noise).At(1);
                row["normShare"] = norms.Length > 0 && norms.Length == limit.Length ? Summary.Figure(Series.Median(norms.Zip(limit, (a, b) => a / b))) : "–";
                var distance = Series.Of(run, variant, "kernel-distance", noise);
                (row["power"], row["powerBeyond"]) = (Power(distance.Powers(2)), Power(distance.Powers(2, shift: 1)));
                yield return row;
            }
    }

    private static string Power(double[] powers) => powers.Length < 2 ? "–" : $"{Format.Signed(Statistics.Mean(powers))} {(Statistics.TInterval(powers) is var t ? Format.Bounds(t.Low, t.High) : "")}";

    /// <summary>The largest of the sizes whose median lies above both neighbours' and a fifth above the least before it; null when there is none.</summary>
    private static int? Peak(List<double> medians) => Enumerable.Range(1, Math.Max(0, medians.Count - 2))
        .Where(k => medians[k] > medians[k - 1] && medians[k] > medians[k + 1] && medians[k] > 1.2 * medians.Take(k).Min())
        .OrderByDescending(k => medians[k]).Select(k => (int?)k).FirstOrDefault();
}

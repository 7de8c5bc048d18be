namespace PortfolioProject.Evaluation;

/// <summary>
/// Agreement beyond chance of two raters over the same items: 1 − Σ o·w / Σ e·w with observed and expected shares o and e (Cohen 1960). The weight
/// w of a disagreement is 1; between two numbers it is the square of their difference over 4, the range of scores (Cohen 1968). Raters who both
/// say one thing throughout agree by chance alone: 0.
/// </summary>
public static class Kappa
{
    private const int Stream = 60;

    public static double Of(IReadOnlyList<(string A, string B)> ratings) => Of(Weights(ratings), [.. Enumerable.Range(0, ratings.Count)]);

    /// <summary>Percentile interval over resampled items; the draws are those of the seed's stream 60.</summary>
    public static Interval Bootstrap(IReadOnlyList<(string A, string B)> ratings, long seed, int resamples)
    {
        var (weights, stream) = (Weights(ratings), new RandomStream(seed, Stream));
        var values = Enumerable.Range(0, resamples).Select(_ => Of(weights, [.. ratings.Select(_ => stream.Below(ratings.Count))])).Order().ToArray();
        return Statistics.PercentileInterval(values) with { Method = $"bootstrap of items, {resamples} resamples" };
    }

    /// <summary>The weight of each first rating against each second one.</summary>
    private static double[][] Weights(IReadOnlyList<(string A, string B)> ratings) =>
        [.. ratings.Select(a => ratings.Select(b => int.TryParse(a.A, out var x) && int.TryParse(b.B, out var y) ? Math.Pow((x - y) / 4.0, 2) : a.A == b.B ? 0 : 1).ToArray())];

    private static double Of(double[][] weights, int[] items)
    {
        var (observed, expected) = (items.Sum(i => weights[i][i]) * items.Length, 0.0);
        foreach (var i in items)
            foreach (var j in items) expected += weights[i][j];
        return expected == 0 ? 0 : 1 - (observed / expected);
    }
}

namespace PortfolioProject.Evaluation;

/// <summary>
/// Agreement beyond chance of two raters over the same items: 1 − Σ o·w / Σ e·w with observed and expected shares o and e (Cohen 1960). The weight
/// w of a disagreement is 1; between two numbers it is the square of their difference over 4, the range of scores (Cohen 1968). Raters who both
/// say one thing throughout agree by chance alone: 0.
/// </summary>
public static class Kappa
{
    private const int Stream = 60;

    public static double Of(IReadOnlyList<(string, string)> ratings) => Of(Codes(ratings, out var weights), weights);

    /// <summary>Percentile interval over resampled items; the draws are those of the seed's stream 60.</summary>
    public static Interval Bootstrap(IReadOnlyList<(string, string)> ratings, long seed, int resamples)
    {
        var (codes, stream) = (Codes(ratings, out var weights), new RandomStream(seed, Stream));
        var values = Enumerable.Range(0, resamples).Select(_ => Of([.. codes.Select(_ => codes[stream.Below(codes.Length)])], weights)).Order().ToArray();
        return Statistics.PercentileInterval(values) with { Method = $"bootstrap of items, {resamples} resamples" };
    }

    private static (int A, int B)[] Codes(IReadOnlyList<(string A, string B)> ratings, out double[,] weights)
    {
        var names = ratings.SelectMany(r => new[] { r.A, r.B }).Distinct().ToList();
        weights = new double[names.Count, names.Count];
        foreach (var (i, a) in names.Index())
            foreach (var (j, b) in names.Index())
                weights[i, j] = int.TryParse(a, out var x) && int.TryParse(b, out var y) ? Math.Pow((x - y) / 4.0, 2) : i == j ? 0 : 1;
        return [.. ratings.Select(r => (names.IndexOf(r.A), names.IndexOf(r.B)))];
    }

    private static double Of((int A, int B)[] codes, double[,] weights)
    {
        var (size, observed, expected) = (weights.GetLength(0), 0.0, 0.0);
        var (a, b) = (new int[size], new int[size]);
        foreach (var (i, j) in codes)
        {
            observed += weights[i, j];
            a[i]++;
            b[j]++;
        }
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++) expected += (double)a[i] * b[j] / codes.Length * weights[i, j];
        return expected == 0 ? 0 : 1 - (observed / expected);
    }
}

namespace PortfolioProject.Monitoring;

/// <summary>Predictions whose confidence lay in (Low, High]: how sure the model was, and how often feedback says that it was right.</summary>
public sealed record ReliabilityBin(double Low, double High, int N, double Confidence, double Accuracy, Interval Interval);

/// <summary>
/// How good a version is in operation. Accuracy: the share of the N labelled rows that were right, with Wilson's interval; null without feedback.
/// Expected: the mean confidence of all rows since the start, which estimates accuracy without labels as far as the probabilities are
/// calibrated; null before the first row. CalibrationError: mean |accuracy − confidence| over the bins, weighted by rows.
/// </summary>
public sealed record QualityReport(string Version, long Rows, double? Expected, int N, double? Accuracy, double? Low, double? High, double? CalibrationError, IReadOnlyList<ReliabilityBin> Reliability);

/// <summary>Quality of versions in operation, from feedback and from the model's own probabilities.</summary>
public static class OnlineQuality
{
    private const int Bins = 10;

    public static QualityReport Of(string version, IEnumerable<FeedbackEntry> feedback, long rows = 0, double confidence = 0)
    {
        var known = feedback.Where(e => e.Version == version).ToList();
        var bins = known.GroupBy(e => Math.Clamp((int)Math.Ceiling(e.Confidence * Bins) - 1, 0, Bins - 1)).OrderBy(g => g.Key).Select(g =>
        {
            var (n, right) = (g.Count(), g.Count(IsRight));
            return new ReliabilityBin(g.Key / (double)Bins, (g.Key + 1) / (double)Bins, n, g.Average(e => e.Confidence), right / (double)n, Statistics.WilsonInterval(right, n));
        }).ToList();
        double? expected = rows == 0 ? null : confidence / rows;
        if (known.Count == 0) return new QualityReport(version, rows, expected, 0, null, null, null, null, []);
        var all = Statistics.WilsonInterval(known.Count(IsRight), known.Count);
        return new QualityReport(version, rows, expected, known.Count, known.Count(IsRight) / (double)known.Count, all.Low, all.High, bins.Sum(b => b.N * Math.Abs(b.Accuracy - b.Confidence)) / known.Count, bins);
    }

    internal static bool IsRight(FeedbackEntry entry) => entry.Label == entry.Predicted;
}

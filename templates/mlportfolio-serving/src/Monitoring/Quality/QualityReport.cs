namespace PortfolioProject.Monitoring;

/// <summary>
/// How good a version is in operation. Accuracy: the share of the N labelled rows that were right, with Wilson's interval; null without feedback.
/// Expected: the mean confidence of all rows since the start, which estimates accuracy without labels as far as the probabilities are
/// calibrated; null before the first row. CalibrationError: mean |accuracy − confidence| over the bins, weighted by rows.
/// </summary>
public sealed record QualityReport(string Version, long Rows, double? Expected, int N, double? Accuracy, double? Low, double? High, double? CalibrationError, IReadOnlyList<ReliabilityBin> Reliability)
{
    /// <summary>From feedback and from the model's own probabilities.</summary>
    public static QualityReport Of(string version, IEnumerable<FeedbackEntry> feedback, long rows = 0, double confidence = 0)
    {
        var known = feedback.Where(e => e.Version == version).Select(e => (e.Confidence, Right: e.Label == e.Predicted)).ToList();
        double? expected = rows == 0 ? null : confidence / rows;
        if (known.Count == 0) return new QualityReport(version, rows, expected, 0, null, null, null, null, []);
        var (bins, right) = (ReliabilityBin.Of(known), known.Count(e => e.Right));
        var all = Statistics.WilsonInterval(right, known.Count);
        return new QualityReport(version, rows, expected, known.Count, (double)right / known.Count, all.Low, all.High, ReliabilityBin.Error(bins), bins);
    }
}

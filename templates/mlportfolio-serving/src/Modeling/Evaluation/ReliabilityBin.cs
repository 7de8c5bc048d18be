namespace PortfolioProject.Modeling;

/// <summary>Predictions whose confidence lay in [Low, High): how sure the model was on average, and the share that was right, with Wilson's interval.</summary>
public sealed record ReliabilityBin(double Low, double High, int N, double Confidence, double Accuracy, Interval Interval)
{
    /// <summary>Tenths of confidence, the lowest first; empty ones are left out.</summary>
    public static IReadOnlyList<ReliabilityBin> Of(IEnumerable<(double Confidence, bool Right)> predictions) => [.. predictions
        .GroupBy(p => Math.Min(9, (int)(10 * p.Confidence))).OrderBy(bin => bin.Key)
        .Select(bin => (bin.Key, N: bin.Count(), Right: bin.Count(p => p.Right), Confidence: bin.Average(p => p.Confidence)))
        .Select(bin => new ReliabilityBin(bin.Key / 10.0, (bin.Key + 1) / 10.0, bin.N, bin.Confidence, (double)bin.Right / bin.N, Statistics.WilsonInterval(bin.Right, bin.N)))];

    internal static IReadOnlyList<ReliabilityBin> Of(IEnumerable<CaseRecord> cases) => Of(cases.Select(c => (c.Values["confidence"], c.Values["accuracy"] == 1)));

    /// <summary>Expected calibration error: the mean distance between confidence and accuracy, weighted by rows.</summary>
    public static double Error(IReadOnlyList<ReliabilityBin> bins) => bins.Sum(b => b.N * Math.Abs(b.Confidence - b.Accuracy)) / bins.Sum(b => b.N);
}

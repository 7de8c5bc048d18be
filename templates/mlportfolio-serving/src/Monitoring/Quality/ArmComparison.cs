namespace PortfolioProject.Monitoring;

/// <summary>
/// The canary against the stable version on rows with feedback: an A/B test by sticky key. Rows of one key are one cluster; a row without a key
/// is its own. Difference: accuracy of the canary minus that of the stable version; interval: both arms bootstrapped by cluster, independently.
/// MinimumDetectable is 2.8 standard errors. The verdict needs an interval that excludes 0; with fewer than two clusters an arm there is none.
/// </summary>
public sealed record ArmComparison(string Stable, string Canary, int StableRows, int CanaryRows, int StableClusters, int CanaryClusters,
    double? Difference, Interval? Interval, double? MinimumDetectable, Verdict Verdict)
{
    private const int StableStream = 600, CanaryStream = 601, PairingStream = 602;

    public static ArmComparison Read(string stable, string canary, IReadOnlyList<FeedbackEntry> feedback, long seed, int resamples = 10_000)
    {
        var (a, b) = (Arm(stable, "stable"), Arm(canary, "canary"));
        if (a.Count < 2 || b.Count < 2) return new ArmComparison(stable, canary, a.Counts.Sum(), b.Counts.Sum(), a.Count, b.Count, null, null, null, Verdict.NoEvidence);
        var before = Statistics.ClusterBootstrap(a, new RandomStream(seed, StableStream), resamples);
        var after = Statistics.ClusterBootstrap(b, new RandomStream(seed, CanaryStream), resamples);
        new RandomStream(seed, PairingStream).Shuffle<double>(after);
        double[] differences = [.. after.Zip(before, (x, y) => x - y).Order()];
        var interval = Statistics.PercentileInterval(differences);
        return new ArmComparison(stable, canary, a.Counts.Sum(), b.Counts.Sum(), a.Count, b.Count, (b.Sums.Sum() / b.Counts.Sum()) - (a.Sums.Sum() / a.Counts.Sum()),
            interval, 2.8 * Statistics.StandardDeviation(differences), interval.Low > 0 ? Verdict.Better : interval.High < 0 ? Verdict.Worse : Verdict.NoEvidence);

        Clusters Arm(string version, string role) => Clusters.Of(feedback.Where(e => e.Version == version && e.Role == role)
            .Select(e => (e.Cluster ?? e.Prediction, e.Label == e.Predicted ? 1.0 : 0.0)));
    }
}

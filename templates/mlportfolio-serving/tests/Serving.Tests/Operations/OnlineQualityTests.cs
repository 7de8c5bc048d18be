using PortfolioProject.Evidence;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class OnlineQualityTests
{
    private static FeedbackEntry Entry(int i, string version, bool right, double confidence = 0.9, string role = "stable", string? cluster = null) =>
        new($"k{i}-{version}", $"p{i}-{version}", right ? "a" : "b", DateTimeOffset.UnixEpoch, version, role, "a", confidence, cluster);

    [Fact]
    public void Accuracy_has_Wilsons_interval_and_belongs_to_a_version()
    {
        var report = QualityReport.Of("2", [.. Enumerable.Range(0, 10).Select(i => Entry(i, "2", i < 8)), Entry(99, "1", false)], rows: 40, confidence: 30);
        Assert.Equal(("2", 40, 0.75, 10, 0.8), (report.Version, report.Rows, report.Expected, report.N, report.Accuracy));
        // Newcombe (1998) gives 0.490 to 0.943 for 8 of 10.
        Assert.Equal((0.490, 0.943), (Math.Round(report.Low!.Value, 3), Math.Round(report.High!.Value, 3)));
    }

    [Fact]
    public void Without_feedback_nothing_is_claimed()
    {
        var report = QualityReport.Of("1", []);
        Assert.Equal((0, null, null, null, 0), (report.N, report.Accuracy, report.Expected, report.CalibrationError, report.Reliability.Count));
    }

    [Fact]
    public void The_reliability_curve_puts_confidence_beside_accuracy()
    {
        var entries = Enumerable.Range(0, 40).Select(i => Entry(i, "1", i % 4 != 0, i < 20 ? 0.95 : 0.55)).Append(Entry(100, "1", true, 0)).ToList();
        var report = QualityReport.Of("1", entries);
        Assert.Equal([(0.0, 1, 0.0, 1.0), (0.5, 20, 0.55, 0.75), (0.9, 20, 0.95, 0.75)], report.Reliability.Select(b => (b.Low, b.N, Math.Round(b.Confidence, 9), b.Accuracy)));
        Assert.Equal(((20 * 0.2) + (20 * 0.2) + 1) / 41, report.CalibrationError!.Value, 9);
    }

    [Fact]
    public void The_label_free_estimate_meets_the_accuracy_of_calibrated_probabilities()
    {
        var (stream, sum) = (new RandomStream(5, 1), 0.0);
        var entries = Enumerable.Range(0, 5000).Select(i =>
        {
            var confidence = 0.5 + (0.5 * stream.Unit());
            sum += confidence;
            return Entry(i, "1", stream.Unit() < confidence, confidence);
        }).ToList();
        var report = QualityReport.Of("1", entries, 5000, sum);
        Assert.InRange(report.Expected!.Value, report.Low!.Value, report.High!.Value);
        Assert.InRange(report.CalibrationError!.Value, 0, 0.03);
    }

    [Fact]
    public void A_canary_that_is_better_or_worse_is_called_so_and_a_like_one_is_not()
    {
        var stream = new RandomStream(9, 1);
        List<FeedbackEntry> Arms(double stable, double canary) => [.. Enumerable.Range(0, 800).Select(i =>
            i % 2 == 0 ? Entry(i, "1", stream.Unit() < stable, cluster: $"c{i / 4}") : Entry(i, "2", stream.Unit() < canary, role: "canary", cluster: $"c{i / 4}"))];
        var better = ArmComparison.Read("1", "2", Arms(0.6, 0.9), 2026, 2000);
        Assert.Equal((400, 400, 200, 200, Verdict.Better), (better.StableRows, better.CanaryRows, better.StableClusters, better.CanaryClusters, better.Verdict));
        Assert.InRange(better.Difference!.Value, better.Interval!.Low, better.Interval.High);
        Assert.InRange(better.Difference.Value, 0.2, 0.4);
        Assert.InRange(better.MinimumDetectable!.Value, 0.05, 0.12);
        Assert.Equal(Verdict.Worse, ArmComparison.Read("1", "2", Arms(0.9, 0.6), 2026, 2000).Verdict);
        Assert.Equal(Verdict.NoEvidence, ArmComparison.Read("1", "2", Arms(0.8, 0.8), 2026, 2000).Verdict);
    }

    [Fact]
    public void The_same_clients_asking_often_are_no_more_evidence()
    {
        // Two keys an arm, fifty rows each: wide, whatever the number of rows.
        var entries = Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? Entry(i, "1", i % 4 == 0, cluster: $"s{i % 4}") : Entry(i, "2", true, role: "canary", cluster: $"c{i % 4}")).ToList();
        var reading = ArmComparison.Read("1", "2", entries, 2026, 2000);
        Assert.Equal((0.5, Verdict.NoEvidence), (reading.Difference, reading.Verdict));
        Assert.Equal((0, 1), (reading.Interval!.Low, reading.Interval.High));
    }

    [Fact]
    public void With_one_cluster_there_is_no_interval_and_no_verdict()
    {
        var reading = ArmComparison.Read("1", "2", [Entry(1, "1", true), Entry(2, "2", false, role: "canary")], 2026);
        Assert.Equal((1, 1, null, null, Verdict.NoEvidence), (reading.StableRows, reading.CanaryRows, reading.Difference, reading.Interval, reading.Verdict));
    }
}

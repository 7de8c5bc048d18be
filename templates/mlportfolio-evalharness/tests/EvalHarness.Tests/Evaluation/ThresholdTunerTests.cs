using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ThresholdTunerTests
{
    private static double Utility(IEnumerable<(double Confidence, double Answering, double Abstaining)> readings, double threshold) =>
        readings.Sum(r => r.Confidence >= threshold ? r.Answering : r.Abstaining);

    /// <summary>Every threshold that decides differently: 0, between neighbours, above all.</summary>
    private static IReadOnlyList<double> Thresholds(IEnumerable<(double Confidence, double, double)> readings)
    {
        var seen = readings.Select(r => r.Confidence).Distinct().Order().ToList();
        return seen.Count == 0 ? [0] : [0, .. seen.Zip(seen.Skip(1), (a, b) => (a + b) / 2), Math.BitIncrement(seen[^1])];
    }

    [Fact]
    public void The_threshold_is_the_lowest_of_the_best_among_all_even_with_ties_in_confidence()
    {
        var random = new RandomStream(11, 1);
        for (var round = 0; round < 500; round++)
        {
            // Few distinct confidences and few distinct worths, in eighths so that sums are exact: ties everywhere.
            var readings = Enumerable.Range(0, random.Below(12)).Select(_ => ((random.Below(6) + 1) / 8.0, (random.Below(9) - 4) / 4.0, (random.Below(3) - 1) / 4.0)).ToList();
            var all = Thresholds(readings);
            var best = all.Max(t => Utility(readings, t));
            Assert.Equal(all.First(t => Utility(readings, t) == best), ThresholdTuner.Tune(readings));
        }
    }

    [Fact]
    public void The_order_of_the_readings_does_not_matter()
    {
        var random = new RandomStream(11, 2);
        var readings = Enumerable.Range(0, 200).Select(_ => (random.Below(20) / 20.0, random.Unit() - 0.5, 0.1 * random.Unit())).ToArray();
        var tuned = ThresholdTuner.Tune(readings);
        random.Shuffle(readings.AsSpan());
        Assert.Equal(tuned, ThresholdTuner.Tune(readings));
    }

    [Fact]
    public void It_lies_midway_between_the_neighbours_that_it_parts() =>
        Assert.Equal(0.5, ThresholdTuner.Tune([(0.2, -1, 0), (0.375, -1, 0), (0.625, 1, 0), (0.9, 1, 0)]));

    [Fact]
    public void It_is_zero_when_every_answer_is_worth_giving_or_when_it_makes_no_difference()
    {
        Assert.Equal(0, ThresholdTuner.Tune([(0.2, 1, 0), (0.8, 1, 0)]));
        Assert.Equal(0, ThresholdTuner.Tune([(0.2, 0.25, 0.25), (0.8, -1, -1)]));
        Assert.Equal(0, ThresholdTuner.Tune([]));
    }

    [Fact]
    public void It_is_just_above_the_highest_confidence_when_silence_is_best()
    {
        var tuned = ThresholdTuner.Tune([(0.2, -1, 0), (1, -1, 0)]);
        Assert.True(tuned > 1);
        Assert.Equal(Math.BitIncrement(1.0), tuned);
    }

    [Fact]
    public void One_confidence_is_never_parted() => // answering both gains 1, silence 0; parting them would gain 2
        Assert.Equal(0, ThresholdTuner.Tune([(0.5, 2, 0), (0.5, -1, 0)]));

    [Fact]
    public void A_gain_below_rounding_moves_nothing() =>
        Assert.Equal(0, ThresholdTuner.Tune([(0.2, 0, 1e-10), (0.8, 1, 0)]));

    [Fact]
    public void Neighbours_without_a_number_between_them_are_still_parted()
    {
        var next = Math.BitIncrement(0.5);
        var tuned = ThresholdTuner.Tune([(0.5, -1, 0), (next, 1, 0)]);
        Assert.True(tuned > 0.5 && tuned <= next);
    }
}

namespace PortfolioProject.ConfidentLearning.Tests;

public sealed class RefusalTests
{
    private static readonly Probabilities _p = new([0.9, 0.1, 0.2, 0.8, 0.6, 0.4], 2);

    [Fact]
    public void Probabilities_of_rows_without_a_fold_are_in_sample_and_refused() =>
        Assert.Contains("row 1 has no fold", Assert.Throws<ArgumentException>(() => new OutOfFold(_p, [0, -1, 1])).Message);

    [Fact]
    public void Probabilities_of_one_fold_only_are_refused() =>
        Assert.Contains("in-sample", Assert.Throws<ArgumentException>(() => new OutOfFold(_p, [0, 0, 0])).Message);

    [Fact]
    public void A_fold_is_predicted_by_a_model_that_did_not_see_it()
    {
        var asked = new System.Collections.Concurrent.ConcurrentBag<(int[] Fit, int[] Held)>();
        var result = OutOfFold.Predict([1, 0, 1, 2], 2, (fit, held) =>
        {
            asked.Add((fit, held));
            return [.. held.SelectMany(h => new[] { h / 10.0, 1 - (h / 10.0) })];
        });
        Assert.Equal([0.0, 0.1, 0.2, 0.3], Enumerable.Range(0, 4).Select(i => result.P[i, 0]));
        Assert.All(asked, a => Assert.Equal([0, 1, 2, 3], a.Fit.Concat(a.Held).Order()));
        Assert.All(asked, a => Assert.Empty(a.Fit.Intersect(a.Held)));
    }

    [Theory, InlineData(double.NaN), InlineData(-0.1), InlineData(double.PositiveInfinity)]
    public void A_value_that_is_no_probability_is_named(double value) =>
        Assert.Contains("row 1, class 0", Assert.Throws<ArgumentException>(() => new Probabilities([0.5, 0.5, value, 0.5], 2)).Message);

    [Fact]
    public void Labels_outside_the_classes_and_of_another_length_are_refused()
    {
        Assert.Contains("row 2: label 2", Assert.Throws<ArgumentException>(() => ConfidentJoint.Estimate([0, 1, 2], _p)).Message);
        Assert.Contains("2 labels for 3 rows", Assert.Throws<ArgumentException>(() => ConfidentJoint.Estimate([0, 1], _p)).Message);
    }

    [Fact]
    public void Equal_scores_rank_by_row() => Assert.Equal([2, 0, 1, 3], LabelScores.Rank([0.5, 0.5, 0.1, 0.5]));
}

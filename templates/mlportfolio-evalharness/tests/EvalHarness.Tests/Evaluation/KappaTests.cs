using PortfolioProject.Evaluation;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class KappaTests
{
    private static IReadOnlyList<(string, string)> Table(params (string A, string B, int Count)[] cells) => [.. cells.SelectMany(c => Enumerable.Repeat((c.A, c.B), c.Count))];

    [Fact]
    public void Two_raters_of_fifty_applications_agree_as_the_textbook_says() =>
        Assert.Equal(0.4, Kappa.Of(Table(("yes", "yes", 20), ("yes", "no", 5), ("no", "yes", 10), ("no", "no", 15))), 1e-12);

    [Fact]
    public void Scores_far_apart_weigh_more_than_scores_close_by()
    {
        // Observed disagreement 10 · 1/16 over 40 items; expected: (10·30 + 30·10) pairs 1 apart, 10·20·… written out below.
        var near = Table(("5", "5", 10), ("4", "4", 10), ("1", "1", 10), ("5", "4", 10));
        double observed = 10 / 16.0, expected = 0;
        foreach (var (a, m) in new[] { (5, 20), (4, 10), (1, 10) }) foreach (var (b, n) in new[] { (5, 10), (4, 20), (1, 10) }) expected += m * n / 40.0 * (a - b) * (a - b) / 16.0;
        Assert.Equal(1 - (observed / expected), Kappa.Of(near), 1e-12);
        Assert.True(Kappa.Of(near) > Kappa.Of(Table(("5", "5", 10), ("4", "4", 10), ("1", "1", 10), ("5", "1", 10))));
    }

    [Fact]
    public void Perfect_agreement_is_one_chance_is_zero_and_opposites_are_below()
    {
        Assert.Equal(1, Kappa.Of(Table(("a", "a", 7), ("b", "b", 3))));
        Assert.Equal(0, Kappa.Of(Table(("a", "a", 4), ("a", "b", 4), ("b", "a", 4), ("b", "b", 4))), 1e-12);
        Assert.Equal(-1, Kappa.Of(Table(("a", "b", 5), ("b", "a", 5))), 1e-12);
    }

    [Fact]
    public void A_rater_who_says_one_thing_or_nothing_usable_agrees_with_nobody()
    {
        Assert.Equal(0, Kappa.Of(Table(("5", "5", 20), ("1", "5", 20))), 1e-12);
        Assert.Equal(0, Kappa.Of(Table(("5", "5", 20))));
        Assert.Equal(0, Kappa.Of(Table(("a", "abstained", 20), ("b", "abstained", 20))), 1e-12);
    }

    [Fact]
    public void The_interval_holds_the_value_narrows_with_items_and_repeats_to_the_bit()
    {
        var small = Table(("a", "a", 12), ("a", "b", 3), ("b", "a", 3), ("b", "b", 12));
        IReadOnlyList<(string, string)> large = [.. Enumerable.Repeat(small, 9).SelectMany(s => s)];
        var (wide, narrow) = (Kappa.Bootstrap(small, 7, 2000), Kappa.Bootstrap(large, 7, 2000));
        Assert.InRange(Kappa.Of(small), wide.Low, wide.High);
        Assert.InRange(narrow.High - narrow.Low, 0.25 * (wide.High - wide.Low), 0.45 * (wide.High - wide.Low));
        Assert.Equal(wide, Kappa.Bootstrap(small, 7, 2000));
        // The large-sample standard error of kappa 0.6 on 30 items is about 0.146.
        Assert.InRange(wide.High - wide.Low, 0.45, 0.7);
    }
}

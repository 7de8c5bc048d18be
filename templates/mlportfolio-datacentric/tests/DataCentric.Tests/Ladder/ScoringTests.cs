using PortfolioProject.Ladder;
using PortfolioProject.Numerics;

namespace PortfolioProject.DataCentric.Tests;

public sealed class ScoringTests
{
    private static readonly Matrix _p = new(4, 2, [0.9, 0.1, 0.8, 0.2, 0.4, 0.6, 0.3, 0.7]);

    [Fact]
    public void Scores_are_those_counted_by_hand()
    {
        var scores = Scoring.Score(_p, [0, 1, 1, 1], [1]);
        Assert.Equal(0.75, scores["accuracy"]);
        Assert.Equal(((2.0 / 3) + (4.0 / 5)) / 2, scores["macro-f1"], 1e-12);
        Assert.Equal(2.0 / 3, scores["rare-recall"], 1e-12);
        Assert.Equal(((0.1 * 1) + 0.8 + 0.4 + 0.3) / 4, scores["ece"], 1e-12);
    }

    [Fact]
    public void Detection_counts_flags_against_planted_rows()
    {
        var found = Scoring.Detection([1, 2, 5], i => i is 1 or 2 or 3 or 4, 8);
        Assert.Equal((2.0 / 3, 0.5, 4.0 / 7), (found["precision"], found["recall"], found["f1"]));
        Assert.False(Scoring.Detection([], i => i == 1, 4).ContainsKey("precision"));
        Assert.Equal(((1.0 / 1) + (2.0 / 3)) / 2, Scoring.AveragePrecision([7, 0, 3, 2], i => i is 7 or 3), 1e-12);
    }
}

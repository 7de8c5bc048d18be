namespace PortfolioProject.DataCentric.Tests;

public sealed class SplitTests
{
    private static readonly int[] _labels = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 2 : i % 2), 3, 4, 4];

    [Fact]
    public void Blocks_are_the_floor_of_the_share_of_the_row() =>
        Assert.Equal([0, 0, 0, 1, 1, 2, 2], Splits.Blocks(7, 3));

    [Fact]
    public void A_stratified_split_takes_its_share_of_every_class_and_never_all()
    {
        var held = Splits.Stratified(_labels, 0.3, new RandomStream(1, 1));
        Assert.Equal([24, 30, 6, 0, 1], Enumerable.Range(0, 5).Select(c => _labels.Where((l, i) => l == c && held[i]).Count()));
    }

    [Fact]
    public void Folds_differ_by_one_row_a_class_at_most()
    {
        var folds = Splits.StratifiedFolds(_labels, 5, new RandomStream(1, 1));
        for (var c = 0; c < 5; c++)
        {
            var counts = Enumerable.Range(0, 5).Select(f => _labels.Where((l, i) => l == c && folds[i] == f).Count()).ToList();
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }

        Assert.NotEqual(folds, Splits.StratifiedFolds(_labels, 5, new RandomStream(2, 1)));
        Assert.Equal(folds, Splits.StratifiedFolds(_labels, 5, new RandomStream(1, 1)));
    }
}

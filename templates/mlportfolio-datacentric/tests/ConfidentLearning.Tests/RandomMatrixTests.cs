using System.Collections;

namespace PortfolioProject.ConfidentLearning.Tests;

/// <summary>The library against a second implementation, on hundreds of random label and probability matrices with every awkward property.</summary>
public sealed class RandomMatrixTests
{
    /// <summary>Matrix number s: 2 to 20 classes; classes absent or with one row; probabilities on a coarse grid, so that ties abound, or fine.</summary>
    private static (int[] Labels, double[][] P) Draw(int s)
    {
        var random = new Random(s);
        var classes = 2 + (s % 19);
        var n = random.Next(1, s % 7 == 0 ? 12 : 160);
        var grid = (s % 4) switch { 0 => 4, 1 => 16, 2 => 1000, _ => 0 };
        var absent = s % 3 == 0 && classes > 2 ? random.Next(classes) : -1;
        var single = s % 5 == 0 ? (absent + 1 + random.Next(classes - 1)) % classes : -1;
        var labels = new int[n];
        var p = new double[n][];
        for (var i = 0; i < n; i++)
        {
            do
            {
                labels[i] = random.Next(classes);
            }
            while (labels[i] == absent || (labels[i] == single && i > 0));

            var raw = Enumerable.Range(0, classes).Select(k => Math.Pow(random.NextDouble(), 3) + (k == labels[i] && random.NextDouble() < 0.7 ? 1.5 : 0)).ToArray();
            var share = raw.Select(v => v / raw.Sum()).ToArray();
            p[i] = grid == 0 ? share : [.. share.Select(v => Math.Round(v * grid) / grid)];
        }

        return (labels, p);
    }

    [Fact]
    public void Six_hundred_random_matrices_give_what_the_definition_gives()
    {
        var seen = new BitArray(3);
        for (var s = 0; s < 600; s++)
        {
            var (labels, p) = Draw(s);
            var (joint, expected) = (ConfidentJoint.Estimate(labels, new Probabilities([.. p.SelectMany(r => r)], p[0].Length)), new SpecReference(labels, p));
            Same(s, expected.Thresholds, joint.Thresholds);
            Same(s, expected.Confident.Cast<int>().ToArray(), joint.Uncalibrated.SelectMany(r => r).ToArray());
            Same(s, expected.Calibrated.Cast<int>().ToArray(), joint.Counts.SelectMany(r => r).ToArray());
            Same(s, expected.OffDiagonal.ToArray(), joint.OffDiagonalRows);
            Assert.Equal((s, expected.EstimatedIssues), (s, joint.EstimatedIssues));
            foreach (var (fraction, minimum) in new[] { (1.0, 1), (0.5, 1), (0.3, 2), (1.0, 4) })
            {
                var (rate, byClass) = (expected.ByNoiseRate(fraction, minimum), expected.ByClass(fraction, minimum));
                Same(s, rate, LabelFilters.Flag(joint, LabelFilter.PruneByNoiseRate, fraction, minimum));
                Same(s, byClass, LabelFilters.Flag(joint, LabelFilter.PruneByClass, fraction, minimum));
                Same(s, rate.Where(byClass.Contains).ToArray(), LabelFilters.Flag(joint, LabelFilter.Both, fraction, minimum));
            }

            Same(s, expected.ConfidentLearning(), LabelFilters.Flag(joint, LabelFilter.ConfidentLearning));
            Same(s, expected.PredictedNeqGiven(), LabelFilters.Flag(joint, LabelFilter.PredictedNeqGiven));
            Same(s, expected.Lowest(expected.SelfConfidence), LabelFilters.Flag(joint, LabelFilter.LowSelfConfidence));
            Same(s, expected.Lowest(expected.Margin), LabelFilters.Flag(joint, LabelFilter.LowNormalizedMargin));
            var counts = labels.GroupBy(l => l).ToDictionary(g => g.Key, g => g.Count());
            (seen[0], seen[1], seen[2]) = (seen[0] || counts.Count < p[0].Length, seen[1] || counts.ContainsValue(1), seen[2] || joint.OffDiagonalRows.Length > 5);
        }

        Assert.True(seen.Cast<bool>().All(b => b), "the matrices hold no absent class, no class of one row or no confident error");
    }

    /// <summary>The number of the matrix stands in the message when they differ.</summary>
    private static void Same<T>(int s, IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal($"{s}: {string.Join(' ', expected)}", $"{s}: {string.Join(' ', actual)}");

    [Fact]
    public void The_diagonal_of_calibrated_counts_sums_with_the_rest_to_the_label_counts()
    {
        for (var s = 0; s < 200; s++)
        {
            var (labels, p) = Draw(s);
            var joint = ConfidentJoint.Estimate(labels, new Probabilities([.. p.SelectMany(r => r)], p[0].Length));
            Assert.Equal(Enumerable.Range(0, joint.Classes).Select(k => labels.Count(l => l == k)), joint.Counts.Select(r => r.Sum()));
        }
    }
}

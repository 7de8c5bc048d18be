using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;

namespace PortfolioProject.Serving.Tests;

public sealed class ModelFittingTests
{
    private static readonly TrainingConfig Config = new()
    {
        Seed = 3,
        Data = new DataConfig { Path = "t.csv" },
        Variants = new Dictionary<string, VariantConfig>(),
        Candidates = [],
        Fit = new FitConfig { Updates = 200, LearningRate = 0.02 },
    };

    [Fact]
    public void The_majority_is_the_share_of_each_class_with_one_added()
    {
        var model = Fit(Table(8, 2, row => row < 6 ? 0 : 1), [0, 1, 2, 6], new VariantConfig { Model = ModelType.Majority });
        Assert.Equal([4 / 6f, 2 / 6f], model.Predict([1, 2]), Near);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(12, 1)]
    [InlineData(14, 1)]
    [InlineData(28, 2)]
    [InlineData(500, 2)]
    public void The_nearest_class_mean_wins_and_a_class_without_training_rows_never_does(float value, int expected)
    {
        var table = new Table(["x", "y"], ["a", "b", "c", "unseen"], [0, 0, 1, 1, 10, 10, 11, 11, 30, 30, 31, 31, 14, 14], [0, 0, 1, 1, 2, 2, 3], [.. Enumerable.Repeat("g", 7)], "");
        var model = ModelFitting.Fit(table, [0, 1, 2, 3, 4, 5], [0, 2, 4], new VariantConfig { Model = ModelType.NearestCentroid }, Config, new BuiltinEngine(), CancellationToken.None);
        Assert.Equal(expected, Bundle.Likeliest(model.Predict([value, value])));
    }

    [Theory]
    [InlineData(ModelType.Softmax)]
    [InlineData(ModelType.Mlp)]
    public void A_class_of_one_row_a_constant_column_and_huge_numbers_do_not_keep_a_model_from_learning(ModelType type)
    {
        var table = Table(41, 3, row => row == 40 ? 2 : row % 2, (row, label) => [label == 1 ? 2e30f + row : 1e30f - row, 5, label * 1e-30f]);
        var model = Fit(table, [.. Enumerable.Range(0, 41)], new VariantConfig { Model = type });
        Assert.All(Enumerable.Range(0, 40), row => Assert.Equal(row % 2, Bundle.Likeliest(model.Predict(table.Row(row)))));
        Assert.All(model.Predict([-float.MaxValue, 1e9f, float.MaxValue]), p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void The_temperature_undoes_logits_that_are_too_large()
    {
        var (stream, truth) = (new RandomStream(1, 0), new Dictionary<string, Tensor> { ["linear.weight"] = new([3, 2], [1, 0, 0, 1, -1, -1]), ["linear.bias"] = new([3], [0, 0.2f, 0]) });
        var rows = Enumerable.Range(0, 40_000).Select(_ => (float)stream.Normal()).ToArray();
        var probabilities = new float[60_000];
        new BuiltinEngine().Load(truth).Predict(rows, probabilities);
        var labels = probabilities.Chunk(3).Select(p => stream.Unit() is var u && u < p[0] ? 0 : u < p[0] + p[1] ? 1 : 2).ToArray();
        var sharp = new BuiltinEngine().Load(Calibration.Fold(truth, 1 / 2.5));
        Assert.Equal(2.5, Calibration.Temperature(sharp, new TrainingSet(rows, labels, 2, 3)), 0.1);
        Assert.Equal(1.0, Calibration.Temperature(new BuiltinEngine().Load(truth), new TrainingSet(rows, labels, 2, 3)), 0.05);
    }

    [Fact]
    public void A_folded_temperature_divides_logits_and_moves_no_label()
    {
        var weights = new Dictionary<string, Tensor>
        {
            ["hidden.weight"] = new([2, 1], [1, -2]),
            ["hidden.bias"] = new([2], [0.5f, 0.1f]),
            ["output.weight"] = new([2, 2], [1, 2, -1, 0.5f]),
            ["output.bias"] = new([2], [0.3f, 0]),
        };
        var (plain, folded) = (new float[2], new float[2]);
        new BuiltinEngine().Load(weights).Predict([0.7f], plain);
        new BuiltinEngine().Load(Calibration.Fold(weights, 2)).Predict([0.7f], folded);
        Assert.Equal(Math.Log(plain[0] / plain[1]) / 2, Math.Log(folded[0] / folded[1]), 1e-5);
        Assert.Equal(weights["hidden.weight"].Values, Calibration.Fold(weights, 2)["hidden.weight"].Values);
    }

    [Fact]
    public void Columns_are_described_by_their_training_rows_alone()
    {
        var table = new Table(["x", "same"], ["a", "b"], [1, 7, 3, 7, 5, 7, 100, 7], [0, 1, 0, 1], ["g", "g", "g", "g"], "");
        var standard = FeatureColumns.Describe(table, [0, 1, 2], Scaling.Standard);
        Assert.Equal((1.0, 5.0, 3.0), (standard[0].Min, standard[0].Max, standard[0].Offset));
        Assert.Equal(Math.Sqrt(8 / 3.0), standard[0].Scale, 1e-12);
        Assert.Equal(([1.0, 3, 5], [1, 1, 1, 0]), (standard[0].Histogram.Edges.ToArray(), standard[0].Histogram.Counts.ToArray()), (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
        Assert.Equal((7.0, 1.0), (standard[1].Offset, standard[1].Scale));
        Assert.Equal((1.0, 4.0), FeatureColumns.Describe(table, [0, 1, 2], Scaling.Range)[0] is var range ? (range.Offset, range.Scale) : default);
    }

    [Fact]
    public void A_histogram_counts_each_training_row_once_in_the_bin_that_holds_it() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<int>>(), values =>
    {
        var rows = values.Get.Select(v => v / 7f).ToArray();
        var table = new Table(["x"], ["a", "b"], rows, new int[rows.Length], new string[rows.Length], "");
        var (edges, counts) = FeatureColumns.Describe(table, [.. Enumerable.Range(0, rows.Length)], Scaling.Standard)[0].Histogram;
        return edges.SequenceEqual(edges.Distinct().Order()) && counts.Select((count, bin) => count == rows.Count(v =>
            (bin == 0 || v > edges[bin - 1]) && (bin == edges.Count || v <= edges[bin]))).All(same => same);
    }));

    [Theory]
    [InlineData(SplitType.Blocked)]
    [InlineData(SplitType.Random)]
    public void Every_row_is_held_out_once_and_no_group_stands_on_both_sides_of_a_blocked_fold(SplitType split)
    {
        var table = Table(50, 2, row => row % 2) with { Groups = [.. Enumerable.Range(0, 50).Select(row => $"g{row / 7}")] };
        var folds = Splits.Folds(table, split, 4, 1);
        Assert.Equal(Enumerable.Range(0, 50), folds.SelectMany(f => f).Order());
        Assert.Equal(4, folds.Count);
        foreach (var fold in folds)
        {
            var (train, validation) = Splits.Part(table, [.. Enumerable.Range(0, 50).Except(fold)], split, 0.2, 1);
            Assert.Equal(Enumerable.Range(0, 50), train.Concat(validation).Concat(fold).Order());
            Assert.True(validation.Length >= 0.2 * (50 - fold.Length) && train.Length > validation.Length);
            string[] Groups(int[] rows) => [.. rows.Select(row => table.Groups[row]).Distinct()];
            Assert.Equal(split == SplitType.Blocked, !Groups(train).Intersect(Groups(fold)).Any() && !Groups(train).Intersect(Groups(validation)).Any());
        }
    }

    [Fact]
    public void A_group_of_more_than_half_the_rows_is_never_held_out_for_validation()
    {
        var table = Table(40, 2, row => row % 2) with { Groups = [.. Enumerable.Range(0, 40).Select(row => row < 24 ? "large" : $"g{row / 8}")] };
        foreach (var seed in Enumerable.Range(0, 8))
            Assert.Equal(8, Splits.Part(table, [.. Enumerable.Range(0, 40)], SplitType.Blocked, 0.2, seed).Validation.Length);
        var one = table with { Groups = [.. Enumerable.Repeat("only", 40)] };
        Assert.Equal(8, Splits.Part(one, [.. Enumerable.Range(0, 40)], SplitType.Blocked, 0.2, 1).Validation.Length);
    }

    private static FittedModel Fit(Table table, int[] train, VariantConfig variant) =>
        ModelFitting.Fit(table, train, train, variant, Config, new BuiltinEngine(), CancellationToken.None);

    private static Table Table(int rows, int classes, Func<int, int> label, Func<int, int, float[]>? features = null)
    {
        features ??= (row, _) => [row, -row];
        return new Table([.. features(0, 0).Select((_, j) => $"f{j}")], [.. Enumerable.Range(0, classes).Select(k => $"c{k}")],
            [.. Enumerable.Range(0, rows).SelectMany(row => features(row, label(row)))], [.. Enumerable.Range(0, rows).Select(label)], [.. Enumerable.Repeat("g", rows)], "");
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5;
}

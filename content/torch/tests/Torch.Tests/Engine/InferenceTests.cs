namespace PortfolioProject.Torch.Tests;

public sealed class InferenceTests
{
    public static TheoryData<string> Architectures => ["softmax", "mlp", "cnn"];

    [Theory, MemberData(nameof(Architectures))]
    public void A_row_is_answered_alike_whatever_stands_beside_it(string architecture)
    {
        var (classifier, rows) = (Trained(architecture), Problems.Stripes(37, 2).Rows);
        var together = Problems.Predict(classifier, rows);
        Assert.Equal(together, rows.Chunk(64).SelectMany(row => Problems.Predict(classifier, row)));
        foreach (var row in together.Chunk(3)) Assert.Equal(1, row.Sum(), 1e-5);
        Assert.Empty(Problems.Predict(classifier, []));
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Predicting_and_training_leave_no_tensor_behind(string architecture)
    {
        var (classifier, rows, live) = (Trained(architecture), Problems.Stripes(37, 2).Rows, new List<long>());
        for (var call = 0; call < 20; call++)
        {
            Problems.Predict(classifier, rows);
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Single(live.Distinct());
        live.Clear();
        Problems.Train(Problems.Engine, Problems.Stripes(40, 1), Problems.Options(architecture), Problems.Stripes(20, 2), _ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount));
        Assert.Single(live[1..].Distinct());
    }

    [Fact]
    public void Threads_share_a_classifier()
    {
        var (classifier, rows) = (Trained("mlp"), Problems.Stripes(64, 2).Rows);
        var expected = Problems.Predict(classifier, rows);
        var answers = new float[64][];
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => answers[i] = Problems.Predict(classifier, rows));
        Assert.All(answers, answer => Assert.Equal(expected, answer));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused_before_the_native_library_sees_them()
    {
        var classifier = Trained("mlp");
        Assert.Throws<ArgumentException>(() => classifier.Predict(new float[65], new float[3]));
        Assert.Throws<ArgumentException>(() => classifier.Predict(new float[64], new float[4]));
    }

    [Fact]
    public void Weights_that_are_missing_unknown_or_mis_shaped_are_errors()
    {
        var weights = new Dictionary<string, Tensor>(Trained("cnn").Weights);
        void Fails(string message, Action<Dictionary<string, Tensor>> harm)
        {
            var harmed = new Dictionary<string, Tensor>(weights);
            harm(harmed);
            Assert.StartsWith(message, Assert.Throws<UserError>(() => Problems.Engine.Load(harmed)).Message);
        }

        Fails("unknown set of weights", w => w.Clear());
        Fails("unknown set of weights", w => w.Remove("conv2.bias"));
        Fails("unknown set of weights", w => w["extra"] = new Tensor([1], [1]));
        Fails("conv2.weight: wrong shape of a weight", w => w["conv2.weight"] = new Tensor([32, 16, 9], new float[32 * 16 * 9]));
        Fails("output.bias: wrong shape of a weight", w => w["output.bias"] = new Tensor([2], new float[2]));
        Fails("output.weight: wrong shape of a weight", w => w["output.weight"] = new Tensor([3, 130], new float[390]));
        Fails("conv1.bias: a weight is not a finite number", w => w["conv1.bias"] = new Tensor([16], [.. Enumerable.Repeat(float.NaN, 16)]));
    }

    private static IClassifier Trained(string architecture) => Problems.Train(Problems.Engine, Problems.Stripes(40, 1), Problems.Options(architecture) with { Epochs = 2 });
}

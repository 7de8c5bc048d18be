namespace PortfolioProject.Torch.Tests;

public sealed class ParityTests
{
    private const double Tolerance = 1e-5;
    private static readonly BuiltinEngine Builtin = new();

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    public void What_one_engine_trained_the_other_loads_from_a_file_and_predicts_alike(string architecture)
    {
        var (set, fresh) = (Problems.Stripes(90, 1), Problems.Stripes(50, 2));
        foreach (var (from, to) in new[] { ((IModelEngine)Problems.Engine, (IModelEngine)Builtin), (Builtin, Problems.Engine) })
        {
            var trained = Problems.Train(from, set, Problems.Options(architecture));
            var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "weights.safetensors");
            Safetensors.Write(file, trained.Weights);
            var loaded = to.Load(Safetensors.Read(file));
            Assert.Equal((architecture, 64, 3), (loaded.Architecture, loaded.Features, loaded.Classes));
            Assert.InRange(Problems.LargestDifference(Problems.Predict(trained, fresh.Rows), Problems.Predict(loaded, fresh.Rows)), 0, Tolerance);
            Assert.Equal(Safetensors.Format(trained.Weights), Safetensors.Format(loaded.Weights));
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>Same first weights, order, loss, optimiser and schedule: what is left is float32 against float64.</summary>
    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    public void Both_engines_take_the_same_steps(string architecture)
    {
        var set = Problems.Stripes(70, 3) with { Weights = [.. Enumerable.Range(0, 70).Select(i => i % 4 * 0.5f)] };
        var options = Problems.Options(architecture) with { Epochs = 3, WeightDecay = 0.05 };
        var (mine, theirs) = (new List<TrainingEpoch>(), new List<TrainingEpoch>());
        var torch = Problems.Train(Problems.Engine, set, options, Problems.Stripes(30, 4), mine.Add);
        var builtin = Problems.Train(Builtin, set, options, Problems.Stripes(30, 4), theirs.Add);
        foreach (var (a, b) in mine.Zip(theirs))
        {
            Assert.Equal(b.TrainLoss, a.TrainLoss, 1e-4);
            Assert.Equal(b.ValidationLoss!.Value, a.ValidationLoss!.Value, 1e-4);
        }

        Assert.Equal(3, mine.Count);
        foreach (var (name, weight) in builtin.Weights) Assert.InRange(Problems.LargestDifference(weight.Values, torch.Weights[name].Values), 0, 1e-3);
    }

    [Fact]
    public void The_builtin_engine_says_that_a_convolutional_network_is_none_of_its_own()
    {
        var trained = Problems.Train(Problems.Engine, Problems.Stripes(30, 1), Problems.Options("cnn") with { Epochs = 1 });
        Assert.Equal("cnn", trained.Architecture);
        Assert.StartsWith("unknown set of weights", Assert.Throws<UserError>(() => Builtin.Load(trained.Weights)).Message);
        Assert.Equal(Problems.Predict(trained, Problems.Stripes(5, 2).Rows), Problems.Predict(Problems.Engine.Load(trained.Weights), Problems.Stripes(5, 2).Rows));
    }
}

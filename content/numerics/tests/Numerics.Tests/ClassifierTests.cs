namespace PortfolioProject.Numerics.Tests;

public sealed class ClassifierTests
{
    private static readonly BuiltinEngine Engine = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Probabilities_are_those_of_the_plain_formula_in_double(int n)
    {
        foreach (var classifier in new[] { Engine.Load(Weights(7, 4)), Engine.Load(Weights(7, 4, hidden: 19)) })
        {
            var rows = Draws(n * 7, 9);
            var set = new TrainingSet(rows, new int[n], 7, 4);
            var actual = Problems.Predict(classifier, set);
            for (var i = 0; i < n; i++)
            {
                var expected = Forward(classifier, rows.AsSpan(i * 7, 7).ToArray());
                for (var k = 0; k < 4; k++) Assert.Equal(expected[k], actual[(i * 4) + k], 1e-6);
            }
        }
    }

    [Fact]
    public void A_row_gets_the_same_bits_alone_and_among_others()
    {
        var classifier = Engine.Load(Weights(64, 10, hidden: 128));
        var (rows, together, alone) = (Draws(100 * 64, 9), new float[1000], new float[10]);
        classifier.Predict(rows, together);
        for (var i = 0; i < 100; i++)
        {
            classifier.Predict(rows.AsSpan(i * 64, 64), alone);
            Assert.Equal(together.AsSpan(i * 10, 10).ToArray(), alone);
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var classifier = Engine.Load(Weights(64, 10, hidden: 128));
        var (rows, expected) = (Draws(70 * 64, 9), new float[700]);
        classifier.Predict(rows, expected);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            var actual = new float[700];
            classifier.Predict(rows, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Fact]
    public void A_prediction_allocates_nothing()
    {
        var classifier = Engine.Load(Weights(64, 10, hidden: 128));
        var (rows, probabilities) = (Draws(70 * 64, 9), new float[700]);
        for (var warm = 0; warm < 50; warm++) classifier.Predict(rows, probabilities);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 100; call++) classifier.Predict(rows, probabilities);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused()
    {
        var classifier = Engine.Load(Weights(4, 3));
        Assert.Throws<ArgumentException>(() => classifier.Predict(new float[7], new float[3]));
        Assert.Throws<ArgumentException>(() => classifier.Predict(new float[8], new float[5]));
    }

    [Fact]
    public void Changing_the_weights_that_were_loaded_changes_no_prediction()
    {
        var weights = Weights(4, 3);
        var classifier = Engine.Load(weights);
        var set = new TrainingSet(Draws(4, 1), [0], 4, 3);
        var before = Problems.Predict(classifier, set);
        Array.Fill(weights["linear.bias"].Values, 100);
        Array.Fill(classifier.Weights["linear.weight"].Values, 100);
        weights.Clear();
        Assert.Equal(before, Problems.Predict(classifier, set));
    }

    [Fact]
    public void What_was_trained_predicts_the_same_after_a_file()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "weights.safetensors");
        var set = Problems.Clouds(100, 1);
        foreach (var architecture in new[] { "softmax", "mlp" })
        {
            var trained = Problems.Train(set, null, new TrainingOptions { Architecture = architecture, Epochs = 2 });
            Safetensors.Write(file, trained.Weights);
            var loaded = Engine.Load(Safetensors.Read(file));
            Assert.Equal((architecture, 2, 3), (loaded.Architecture, loaded.Features, loaded.Classes));
            Assert.Equal(Problems.Predict(trained, set), Problems.Predict(loaded, set));
        }
    }

    [Theory]
    [InlineData("hidden.weight", "[units, inputs]")]
    [InlineData("hidden.bias", "[19]")]
    [InlineData("output.weight", "[units, 19]")]
    [InlineData("output.bias", "[4]")]
    public void A_weight_of_the_wrong_shape_is_an_error_that_names_it(string name, string expected)
    {
        foreach (var wrong in new[] { new Tensor([5], new float[5]), new Tensor([3, 5], new float[15]), new Tensor([4, 19], new float[1]), new Tensor([0, 5], []) })
        {
            var weights = Weights(7, 4, hidden: 19);
            weights[name] = wrong;
            if (name == "hidden.weight" && wrong.Shape is [3, 5]) continue; // a shape of its own, to which the bias then does not fit
            var error = Assert.Throws<UserError>(() => Engine.Load(weights));
            Assert.Equal((name, expected), (error.Field, error.Expected));
        }
    }

    [Fact]
    public void A_missing_or_unknown_or_infinite_weight_is_an_error()
    {
        var (missing, unknown, infinite) = (Weights(7, 4, hidden: 3), Weights(7, 4), Weights(7, 4));
        missing.Remove("output.bias");
        unknown["extra"] = new Tensor([1], [1]);
        infinite["linear.bias"].Values[2] = float.PositiveInfinity;
        Assert.Equal("hidden.bias, hidden.weight, output.weight", Assert.Throws<UserError>(() => Engine.Load(missing)).Got);
        Assert.Equal("extra, linear.bias, linear.weight", Assert.Throws<UserError>(() => Engine.Load(unknown)).Got);
        Assert.Equal("linear", Assert.Throws<UserError>(() => Engine.Load(infinite)).Field);
        Assert.Equal("none", Assert.Throws<UserError>(() => Engine.Load(new Dictionary<string, Tensor>())).Got);
    }

    internal static Dictionary<string, Tensor> Weights(int features, int classes, int hidden = 0)
    {
        Tensor Of(int stream, params int[] shape) => new(shape, [.. Draws(shape.Aggregate(1, (a, b) => a * b), stream).Select(v => v / 2)]);
        return hidden == 0
            ? new() { ["linear.weight"] = Of(1, classes, features), ["linear.bias"] = Of(2, classes) }
            : new() { ["hidden.weight"] = Of(3, hidden, features), ["hidden.bias"] = Of(4, hidden), ["output.weight"] = Of(5, classes, hidden), ["output.bias"] = Of(6, classes) };
    }

    internal static float[] Draws(int count, int stream)
    {
        var draws = new RandomStream(2, stream);
        return [.. Enumerable.Range(0, count).Select(_ => (float)draws.Normal())];
    }

    private static double[] Forward(IClassifier classifier, float[] row)
    {
        double[] Linear(string layer, double[] x) => [.. classifier.Weights[layer + ".bias"].Values.Select((b, unit) =>
            b + x.Select((v, j) => v * classifier.Weights[layer + ".weight"].Values[(unit * x.Length) + j]).Sum())];
        double[] inputs = [.. row.Select(v => (double)v)];
        var logits = classifier.Architecture == "softmax" ? Linear("linear", inputs) : Linear("output", [.. Linear("hidden", inputs).Select(v => Math.Max(v, 0))]);
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(z => Math.Exp(z) / sum)];
    }
}

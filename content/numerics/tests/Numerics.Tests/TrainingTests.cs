namespace PortfolioProject.Numerics.Tests;

public sealed class TrainingTests
{
    [Theory]
    [InlineData(5, 0, 3)]
    [InlineData(4, 6, 3)]
    [InlineData(7, 9, 2)]
    public void Gradients_of_every_parameter_agree_with_central_differences(int features, int hidden, int classes)
    {
        var draws = new RandomStream(5, features);
        var network = new TrainableNetwork(hidden == 0 ? [features, classes] : [features, hidden, classes], 6, draws);
        float[] rows = [.. Enumerable.Range(0, 8 * features).Select(_ => (float)draws.Normal())];
        var set = new TrainingSet(rows, [.. Enumerable.Range(0, 8).Select(i => i % classes)], features, classes, [1, 0.5f, 2, 9, 1, 0, 3, 9]);
        int[] batch = [5, 0, 2, 6, 1, 4];
        var worst = (Error: 0.0, Where: "");
        Assert.Equal(7.5, network.Loss(set, batch, learn: true).Weight);
        foreach (var (p, parameter) in network.Parameters.Index().ToList())
            for (var at = 0; at < parameter.Values.Length; at++)
            {
                const double h = 1e-5;
                var (kept, analytic) = (parameter.Values[at], parameter.Gradient[at]);
                parameter.Values[at] = kept + h;
                var above = network.Loss(set, batch, learn: false).Loss;
                parameter.Values[at] = kept - h;
                var below = network.Loss(set, batch, learn: false).Loss;
                parameter.Values[at] = kept;
                var numeric = (above - below) / (2 * h);
                var error = Math.Abs(analytic - numeric) / Math.Max(1e-4, Math.Abs(analytic) + Math.Abs(numeric));
                if (error > worst.Error) worst = (error, $"parameter {p}, element {at}: analytic {analytic:R}, numeric {numeric:R}");
            }

        Assert.True(worst.Error < 1e-6, $"relative error {worst.Error:E2} at {worst.Where}");
    }

    [Fact]
    public void A_row_of_weight_2_counts_as_two_rows()
    {
        var once = new TrainableNetwork([2, 3, 2], 3, new RandomStream(1, 1));
        var twice = new TrainableNetwork([2, 3, 2], 3, new RandomStream(1, 1));
        var (loss, weight) = once.Loss(new TrainingSet([1, 2, -1, 0.5f], [0, 1], 2, 2, [1, 2]), [0, 1], learn: true);
        var (expected, three) = twice.Loss(new TrainingSet([1, 2, -1, 0.5f], [0, 1], 2, 2), [0, 1, 1], learn: true);
        Assert.Equal((3, 3), (weight, three));
        Assert.Equal(expected, loss, 1e-14);
        foreach (var (a, b) in once.Parameters.Zip(twice.Parameters))
            for (var at = 0; at < a.Values.Length; at++) Assert.Equal(b.Gradient[at], a.Gradient[at], 1e-14);
    }

    [Fact]
    public void Three_steps_of_Adam_agree_with_those_computed_by_hand()
    {
        // value 1, rate 0.1, decay 0.1: each step first shrinks the value to 99 %; PyTorch's AdamW gives the same
        // 1: mean .05 / .1 = .5, square .00025 / .001 = .25, step .1 · .5 / (.5 + 1e-8); then .025 / .19 and .00028975 / .001999, then .0325 / .271 and .00029946025 / .002997001
        var decaying = new Parameter(1, decays: true);
        var free = new Parameter(1, decays: false);
        (decaying.Values[0], free.Values[0]) = (1, 1);
        foreach (var (step, gradient, expected, expectedFree) in new[] { (1, 0.5, 0.890000002, 0.900000002), (2, -0.2, 0.846539418097, 0.865439418117), (3, 0.1, 0.800134846635, 0.827500240836) })
        {
            (decaying.Gradient[0], free.Gradient[0]) = (gradient, gradient);
            decaying.Step(step, 0.1, 0.1);
            free.Step(step, 0.1, 0.1);
            Assert.Equal(expected, decaying.Values[0], 1e-12);
            Assert.Equal(expectedFree, free.Values[0], 1e-12);
        }
    }

    [Fact]
    public void Weights_start_evenly_in_one_over_root_of_the_inputs_drawn_as_they_are_exported()
    {
        var draws = new RandomStream(9, 980);
        foreach (var ((weight, bias), inputs) in new TrainableNetwork([4, 5, 3], 1, new RandomStream(9, 980)).Export().Zip([4, 5]))
            foreach (var value in weight.Values.Concat(bias.Values)) Assert.Equal((float)(((2 * draws.Unit()) - 1) / Math.Sqrt(inputs)), value, 1e-7f);
    }

    [Fact]
    public void Training_follows_its_recipe_step_by_step()
    {
        // 3 epochs of 4 batches: rows shuffled once more each epoch by stream 981, weights from stream 980, half a cosine over 12 steps
        var set = Problems.Clouds(50, 1);
        var options = new TrainingOptions { Architecture = "mlp", Hidden = 5, Epochs = 3, BatchSize = 16, LearningRate = 0.02, WeightDecay = 0.1, Seed = 9 };
        var (network, order, shuffle) = (new TrainableNetwork([2, 5, 3], 16, new RandomStream(9, 980)), Enumerable.Range(0, 50).ToArray(), new RandomStream(9, 981));
        for (var step = 0; step < 12; step++)
        {
            if (step % 4 == 0) shuffle.Shuffle<int>(order);
            network.Loss(set, order.AsSpan(step % 4 * 16, step % 4 == 3 ? 2 : 16), learn: true);
            foreach (var parameter in network.Parameters) parameter.Step(step + 1, 0.02 * (1 + Math.Cos(Math.PI * step / 12)) / 2, 0.1);
        }

        var (hidden, output) = (network.Export().First(), network.Export().Last());
        var weights = Problems.Train(set, null, options).Weights;
        Assert.Equal(hidden.Weight.Values, weights["hidden.weight"].Values);
        Assert.Equal(hidden.Bias.Values, weights["hidden.bias"].Values);
        Assert.Equal(output.Weight.Values, weights["output.weight"].Values);
        Assert.Equal(output.Bias.Values, weights["output.bias"].Values);
    }

    [Fact]
    public void Softmax_learns_three_clouds_where_a_constant_answer_gets_a_third()
    {
        var classifier = Problems.Train(Problems.Clouds(600, 1), null, new TrainingOptions { Epochs = 30, LearningRate = 0.02 });
        var held = Problems.Clouds(3000, 2);
        Assert.Equal(1000, held.Labels.Count(l => l == 0)); // the constant answer: 33 %
        Assert.InRange(Problems.Accuracy(classifier, held), 0.90, 1); // the best possible: about 92.6 %
    }

    [Fact]
    public void The_mlp_learns_exclusive_or_where_softmax_and_a_constant_answer_get_half()
    {
        var (train, held) = (Problems.ExclusiveOr(600, 3), Problems.ExclusiveOr(2000, 4));
        var options = new TrainingOptions { Epochs = 60, Hidden = 16, LearningRate = 0.02 };
        Assert.Equal(1000, held.Labels.Count(l => l == 0));
        Assert.InRange(Problems.Accuracy(Problems.Train(train, null, options), held), 0.3, 0.7);
        Assert.InRange(Problems.Accuracy(Problems.Train(train, null, options with { Architecture = "mlp" }), held), 0.97, 1);
    }

    [Fact]
    public void Early_stopping_keeps_the_weights_of_the_best_epoch_and_ends_after_the_patience()
    {
        var (train, validation, epochs) = (Problems.Noise(80, 5), Problems.Noise(200, 6), new List<TrainingEpoch>());
        var classifier = Problems.Train(train, validation, new TrainingOptions { Architecture = "mlp", Hidden = 32, Epochs = 100, LearningRate = 0.02, Patience = 4 }, epochs.Add);
        var best = epochs.MinBy(e => e.ValidationLoss)!;
        Assert.Equal(best.Epoch + 4, epochs.Count);
        Assert.Equal(Enumerable.Range(1, epochs.Count), epochs.Select(e => e.Epoch));
        Assert.Equal(best.ValidationLoss!.Value, Problems.Loss(classifier, validation), 1e-5);
        Assert.True(epochs[^1].ValidationLoss > best.ValidationLoss + 0.01);
        Assert.True(epochs[^1].TrainLoss < epochs[0].TrainLoss);
    }

    [Fact]
    public void Without_patience_all_epochs_run_and_the_best_weights_are_still_kept()
    {
        var (validation, epochs) = (Problems.Noise(200, 6), new List<TrainingEpoch>());
        var classifier = Problems.Train(Problems.Noise(80, 5), validation, new TrainingOptions { Architecture = "mlp", Epochs = 25, LearningRate = 0.02, Patience = 0 }, epochs.Add);
        Assert.Equal(25, epochs.Count);
        Assert.Equal(epochs.Min(e => e.ValidationLoss)!.Value, Problems.Loss(classifier, validation), 1e-5);
    }

    [Fact]
    public void Weights_of_rows_shift_what_is_learned()
    {
        // one feature that says nothing: the answer is the weighted share of the labels, 1 : 3
        var train = new TrainingSet(new float[200], [.. Enumerable.Range(0, 200).Select(i => i % 2)], 1, 2, [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 1f : 3f)]);
        var classifier = Problems.Train(train, null, new TrainingOptions { Epochs = 100, BatchSize = 200, LearningRate = 0.1 });
        Assert.Equal(0.75, Problems.Predict(classifier, train)[1], 0.01);
    }

    [Fact]
    public void One_seed_gives_the_same_bytes_alone_and_on_two_threads_and_another_seed_gives_others()
    {
        var (train, validation) = (Problems.Clouds(200, 1), Problems.Clouds(100, 2));
        var options = new TrainingOptions { Architecture = "mlp", Hidden = 24, Epochs = 8, Seed = 3 };
        var alone = Problems.Bytes(Problems.Train(train, validation, options));
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ => Assert.Equal(alone, Problems.Bytes(Problems.Train(train, validation, options))));
        Assert.NotEqual(alone, Problems.Bytes(Problems.Train(train, validation, options with { Seed = 4 })));
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_whole_data()
    {
        var train = Problems.Clouds(50, 1);
        var options = new TrainingOptions { Epochs = 3 };
        Assert.Equal(Problems.Bytes(Problems.Train(train, null, options with { BatchSize = 50 })), Problems.Bytes(Problems.Train(train, null, options with { BatchSize = 4096 })));
    }

    [Fact]
    public void A_cancelled_training_ends()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new BuiltinEngine().Train(Problems.Clouds(50, 1), null, new TrainingOptions { Epochs = 100_000 }, _ => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public void A_loss_that_overflows_is_an_error_that_names_the_learning_rate()
    {
        // each step multiplies the weights by 1 − 10 · 10
        var error = Assert.Throws<UserError>(() => Problems.Train(Problems.Clouds(50, 1), null, new TrainingOptions { Epochs = 200, BatchSize = 1, LearningRate = 10, WeightDecay = 10 }));
        Assert.Equal("learningRate", error.Field);
    }

    public static TheoryData<TrainingOptions, string> BadOptions => new()
    {
        { new() { Architecture = "svm" }, "architecture" },
        { new() { Hidden = 0 }, "hidden" },
        { new() { Epochs = 0 }, "epochs" },
        { new() { BatchSize = 0 }, "batchSize" },
        { new() { LearningRate = 0 }, "learningRate" },
        { new() { LearningRate = double.NaN }, "learningRate" },
        { new() { WeightDecay = -1 }, "weightDecay" },
        { new() { Patience = -1 }, "patience" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_range_is_an_error_that_names_it(TrainingOptions options, string field) =>
        Assert.Equal(field, Assert.Throws<UserError>(() => Problems.Train(Problems.Clouds(10, 1), null, options)).Field);

    public static TheoryData<TrainingSet, string> BadSets => new()
    {
        { new([], [], 2, 2), "train: nothing to train on" },
        { new([1, 2], [0], 2, 1), "train: nothing to train on" },
        { new([1, 2], [2], 2, 2), "train, row 0: unknown label; expected 0 … 1, got 2" },
        { new([1, 2, 3, float.NaN], [0, 1], 2, 2), "train, row 1, feature 1: not a finite number" },
        { new([1, 2], [0], 2, 2, [0]), "train: weights of rows" },
        { new([1, 2], [0], 2, 2, [float.NaN]), "train: weights of rows" },
    };

    [Theory]
    [MemberData(nameof(BadSets))]
    public void Data_that_cannot_be_trained_on_is_an_error_that_says_where(TrainingSet set, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<UserError>(() => Problems.Train(set, null, new TrainingOptions())).Message);

    [Fact]
    public void A_validation_set_of_other_shape_is_refused() =>
        Assert.Throws<ArgumentException>(() => Problems.Train(Problems.Clouds(10, 1), Problems.Noise(10, 1), new TrainingOptions()));
}

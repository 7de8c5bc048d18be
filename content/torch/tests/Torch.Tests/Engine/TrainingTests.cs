namespace PortfolioProject.Torch.Tests;

public sealed class TrainingTests
{
    public static TheoryData<string> Architectures => ["softmax", "mlp", "cnn"];

    [Theory, MemberData(nameof(Architectures))]
    public void A_network_learns_what_can_be_learnt(string architecture)
    {
        var losses = new List<double>();
        var classifier = Problems.Train(Problems.Engine, Problems.Stripes(150, 1), Problems.Options(architecture), progress: e => losses.Add(e.TrainLoss));
        Assert.True(losses[^1] < losses[0] / 2, $"{losses[0]} → {losses[^1]}");
        Assert.InRange(Problems.Accuracy(classifier, Problems.Stripes(90, 2)), 0.9, 1);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void One_seed_gives_the_same_weights_another_gives_others(string architecture)
    {
        byte[] Weights(long seed) => Safetensors.Format(Problems.Train(Problems.Engine, Problems.Stripes(40, 1), Problems.Options(architecture) with { Epochs = 2, Seed = seed }).Weights);
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Training_ends_after_so_many_epochs_without_progress_and_keeps_the_best_weights()
    {
        var (epochs, validation) = (new List<TrainingEpoch>(), Problems.Stripes(30, 2));
        validation = validation with { Labels = [.. validation.Labels.Select(l => (l + 1) % 3)] };
        var options = Problems.Options("mlp") with { Epochs = 200, Patience = 3 };
        var classifier = Problems.Train(Problems.Engine, Problems.Stripes(60, 1), options, validation, epochs.Add);
        var best = epochs.MinBy(e => e.ValidationLoss)!;
        Assert.Equal(best.Epoch + 3, epochs[^1].Epoch);
        var probabilities = Problems.Predict(classifier, validation.Rows);
        Assert.Equal(best.ValidationLoss!.Value, validation.Labels.Index().Average(l => -Math.Log(probabilities[(l.Index * 3) + l.Item])), 1e-4);
    }

    [Fact]
    public void Bfloat16_products_train_to_nearly_the_same_accuracy_with_weights_in_float32()
    {
        var engine = new TorchEngine(new TorchConfig { Precision = Precision.Bfloat16 });
        foreach (var architecture in new[] { "mlp", "cnn" })
        {
            var (narrow, wide) = (Problems.Train(engine, Problems.Stripes(150, 1), Problems.Options(architecture)), Problems.Train(Problems.Engine, Problems.Stripes(150, 1), Problems.Options(architecture)));
            Assert.NotEqual(Safetensors.Format(wide.Weights), Safetensors.Format(narrow.Weights));
            Assert.InRange(Problems.Accuracy(narrow, Problems.Stripes(90, 2)), Problems.Accuracy(wide, Problems.Stripes(90, 2)) - 0.1, 1);
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_an_error_that_names_the_rate()
    {
        var options = Problems.Options("softmax") with { Epochs = 200, BatchSize = 1, LearningRate = 10, WeightDecay = 10 };
        Assert.StartsWith("learningRate: the loss of epoch", Assert.Throws<UserError>(() => Problems.Train(Problems.Engine, Problems.Stripes(30, 1), options)).Message);
    }

    [Fact]
    public void What_cannot_be_trained_is_an_error_that_names_it()
    {
        var set = Problems.Stripes(12, 1);
        Assert.StartsWith("architecture: cannot be trained with; expected softmax, mlp or cnn", Assert.Throws<UserError>(() => Problems.Train(Problems.Engine, set, Problems.Options("transformer"))).Message);
        Assert.StartsWith("train, row 0: unknown label", Assert.Throws<UserError>(() => Problems.Train(Problems.Engine, set with { Labels = [9, .. set.Labels[1..]] }, Problems.Options("mlp"))).Message);
        var narrow = new TrainingSet(new float[20], [0, 1, 0, 1], 5, 2);
        Assert.Contains("5 features for a cnn", Assert.Throws<UserError>(() => Problems.Train(Problems.Engine, narrow, Problems.Options("cnn"))).Message);
    }

    [Fact]
    public void Cancelling_ends_a_training()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Problems.Train(Problems.Engine, Problems.Stripes(30, 1), Problems.Options("mlp"), progress: _ => cancel.Cancel(), cancel: cancel.Token));
    }
}

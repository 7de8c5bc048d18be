namespace PortfolioProject.Torch.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TorchConfig _config = new() { Checkpoints = Directory.CreateTempSubdirectory().FullName, CheckpointEvery = 2 };
    private readonly TrainingSet _train = Problems.Stripes(50, 1), _validation = Problems.Stripes(20, 2);

    public void Dispose() => Directory.Delete(_config.Checkpoints!, recursive: true);

    /// <summary>Stopped after epoch 5: the checkpoint is that of epoch 4, so epoch 5 is trained twice.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    public void A_resumed_training_equals_an_uninterrupted_one(string architecture)
    {
        var options = Problems.Options(architecture) with { Epochs = 9, Patience = 20 };
        var (whole, resumed) = (new List<TrainingEpoch>(), new List<TrainingEpoch>());
        var expected = Problems.Train(Problems.Engine, _train, options, _validation, whole.Add);
        Interrupt(options);
        var got = Problems.Train(new TorchEngine(_config), _train, options, _validation, resumed.Add);
        Assert.Equal([5, 6, 7, 8, 9], resumed.Select(e => e.Epoch));
        Assert.Equal(whole[4..], resumed);
        Assert.Equal(Safetensors.Format(expected.Weights), Safetensors.Format(got.Weights));
        Assert.Empty(Directory.GetFiles(_config.Checkpoints!));
    }

    [Fact]
    public void Another_seed_data_or_precision_begins_anew()
    {
        var options = Problems.Options("mlp") with { Epochs = 9 };
        Interrupt(options);
        int FirstEpoch(TorchConfig config, TrainingSet set, TrainingOptions asked)
        {
            var epochs = new List<int>();
            Problems.Train(new TorchEngine(config), set, asked, _validation, e => epochs.Add(e.Epoch));
            return epochs[0];
        }

        Assert.Equal(1, FirstEpoch(_config, _train, options with { Seed = 6 }));
        Assert.Equal(1, FirstEpoch(_config, Problems.Stripes(50, 9), options));
        Assert.Equal(1, FirstEpoch(_config with { Precision = Precision.Bfloat16 }, _train, options));
        Assert.Equal(5, FirstEpoch(_config, _train, options));
    }

    [Fact]
    public void A_checkpoint_that_was_cut_off_is_an_error_that_names_the_file()
    {
        var options = Problems.Options("mlp") with { Epochs = 9 };
        Interrupt(options);
        var file = Directory.GetFiles(_config.Checkpoints!).Single();
        var bytes = File.ReadAllBytes(file);
        foreach (var length in new[] { 0, 5, 40, bytes.Length / 2, bytes.Length - 3 })
        {
            File.WriteAllBytes(file, bytes[..length]);
            Assert.StartsWith(file + ": not a checkpoint", Assert.Throws<UserError>(() => Problems.Train(new TorchEngine(_config), _train, options, _validation)).Message);
        }
    }

    private void Interrupt(TrainingOptions options)
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Problems.Train(new TorchEngine(_config), _train, options, _validation, e =>
        {
            if (e.Epoch == 5) cancel.Cancel();
        }, cancel.Token));
    }
}

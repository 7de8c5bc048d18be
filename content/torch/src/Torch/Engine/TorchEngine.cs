namespace PortfolioProject.Torch;

/// <summary>
/// The engine over libtorch: the builtin engine's models, weight for weight, and a convolutional one, on the CPU or a GPU. On one machine the same
/// data, options, seed and number of threads give the same weights on the CPU; a GPU may add in another order. Predictions are always in float32.
/// </summary>
public sealed class TorchEngine : IModelEngine
{
    private readonly TorchConfig _config;
    private readonly Compute _training, _inference;

    /// <summary>A device or precision that this machine lacks is a <see cref="UserError"/>.</summary>
    public TorchEngine(TorchConfig config) => (_config, _training, _inference) = (config, new Compute(config), new Compute(config with { Precision = Precision.Float32 }));

    public string Name => "torchsharp";

    public IClassifier Train(TrainingSet train, TrainingSet? validation, TrainingOptions options, Action<TrainingEpoch>? progress = null, CancellationToken cancel = default)
    {
        options.Validate("softmax", "mlp", "cnn");
        train.Validate(validation);
        var network = Network.Of(train, options);
        return Load(Compute.Guard(() =>
        {
            using var training = new Training(network, train, validation, options, _training);
            var checkpoint = _config.Checkpoints is null ? null : new Checkpoint(_config, train, validation, options);
            checkpoint?.Restore(training);
            while (!training.IsFinished)
            {
                var epoch = training.Next(cancel);
                if (epoch.Epoch % _config.CheckpointEvery == 0) checkpoint?.Save(training);
                progress?.Invoke(epoch);
            }

            checkpoint?.Delete();
            return training.Best;
        }));
    }

    public IClassifier Load(IReadOnlyDictionary<string, Tensor> weights) => new TorchClassifier(weights, _inference);
}

namespace PortfolioProject.Numerics;

/// <summary>Trains and loads classifiers. Two engines load each other's weights.</summary>
public interface IModelEngine
{
    string Name { get; }

    /// <summary>
    /// Trains on <paramref name="train"/>; with <paramref name="validation"/> the weights of the epoch with the lowest validation loss are kept.
    /// Data or options that cannot be trained on, or a loss that is no longer finite, are a <see cref="UserError"/>.
    /// </summary>
    IClassifier Train(TrainingSet train, TrainingSet? validation, TrainingOptions options, Action<TrainingEpoch>? progress = null, CancellationToken cancel = default);

    /// <summary>The classifier with these weights; missing, unknown or mis-shaped ones are a <see cref="UserError"/>.</summary>
    IClassifier Load(IReadOnlyDictionary<string, Tensor> weights);
}

/// <summary>Rows [n × features], row-major, as the model sees them (scaled), labels 0 … classes − 1, and optional weights of the rows.</summary>
public sealed record TrainingSet(float[] Rows, int[] Labels, int Features, int Classes, float[]? Weights = null);

/// <summary>Losses after an epoch: the mean over its batches while training, and that of the validation set.</summary>
public sealed record TrainingEpoch(int Epoch, double TrainLoss, double? ValidationLoss);

/// <summary>What is trained and how. Weight decay is decoupled (AdamW: w ← w·(1 − rate·decay) before the step) and spares biases.</summary>
public sealed record TrainingOptions
{
    /// <summary>"softmax" (no hidden layer) or "mlp" (one hidden layer of rectified linear units).</summary>
    public string Architecture { get; init; } = "softmax";

    /// <summary>Units of the hidden layer; the mlp alone reads it.</summary>
    public int Hidden { get; init; } = 128;

    public int Epochs { get; init; } = 60;
    public int BatchSize { get; init; } = 32;

    /// <summary>At the first step; falls along half a cosine to 0 after the last.</summary>
    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Ends after so many epochs without a lower validation loss; 0: never early.</summary>
    public int Patience { get; init; } = 10;

    public long Seed { get; init; }
}

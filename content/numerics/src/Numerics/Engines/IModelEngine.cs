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
public sealed record TrainingSet(float[] Rows, int[] Labels, int Features, int Classes, float[]? Weights = null)
{
    /// <summary>Both sets are such that an engine can train on this one and stop by the other; else <see cref="UserError"/>, or ArgumentException where lengths contradict each other.</summary>
    public void Validate(TrainingSet? validation)
    {
        Validate("train");
        validation?.Validate("validation");
        if (validation is not null && (validation.Features, validation.Classes) != (Features, Classes))
            throw new ArgumentException("validation and training set differ in features or classes", nameof(validation));
    }

    private void Validate(string name)
    {
        var n = Labels.Length;
        Kernels.RequireLength(Rows.Length, n, Features, name);
        Kernels.RequireLength(Weights?.Length ?? n, n, 1, name);
        if (n == 0 || Features < 1 || Classes < 2) throw new UserError("nothing to train on", field: name, expected: "rows, features and two classes", got: $"{n}, {Features} and {Classes}");
        var row = Array.FindIndex(Labels, l => l < 0 || l >= Classes);
        if (row >= 0) throw new UserError("unknown label", field: $"{name}, row {row}", expected: $"0 … {Classes - 1}", got: $"{Labels[row]}");
        var bad = Array.FindIndex(Rows, v => !float.IsFinite(v));
        if (bad >= 0) throw new UserError("not a finite number", field: $"{name}, row {bad / Features}, feature {bad % Features}");
        if (Weights is not null && (Weights.Any(w => !(w >= 0 && float.IsFinite(w))) || !Weights.Any(w => w > 0)))
            throw new UserError("weights of rows must not be negative, and some must be positive", field: name);
    }
}

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

    /// <summary>An option out of its range, or an architecture that is none of <paramref name="architectures"/>, is a <see cref="UserError"/>.</summary>
    public void Validate(params string[] architectures)
    {
        foreach (var (met, field, expected, got) in new (bool, string, string, object)[]
        {
            (architectures.Contains(Architecture), "architecture", string.Join(", ", architectures[..^1]) + " or " + architectures[^1], UserError.Quote(Architecture)),
            (Hidden is >= 1 and <= 8192, "hidden", "1 … 8192", Hidden),
            (Epochs is >= 1 and <= 100_000, "epochs", "1 … 100000", Epochs),
            (BatchSize is >= 1 and <= 8192, "batchSize", "1 … 8192", BatchSize),
            (LearningRate is > 0 and <= 10, "learningRate", "above 0, at most 10", LearningRate),
            (WeightDecay is >= 0 and <= 10, "weightDecay", "0 … 10", WeightDecay),
            (Patience >= 0, "patience", "0 or more", Patience),
        })
            if (!met) throw new UserError("cannot be trained with", field: field, expected: expected, got: FormattableString.Invariant($"{got}"));
    }
}

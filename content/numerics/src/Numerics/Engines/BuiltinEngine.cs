namespace PortfolioProject.Numerics;

/// <summary>
/// The engine without a native library: minibatch AdamW in double on one thread, cosine schedule, early stopping on validation loss. The same data,
/// options and seed give the same weights, bit for bit. Streams of the seed: 980 initial weights, 981 order of the rows.
/// </summary>
public sealed class BuiltinEngine : IModelEngine
{
    private const int InitialStream = 980, OrderStream = 981;

    public string Name => "builtin";

    public IClassifier Train(TrainingSet train, TrainingSet? validation, TrainingOptions options, Action<TrainingEpoch>? progress = null, CancellationToken cancel = default)
    {
        Validate(options);
        Validate(train, nameof(train));
        if (validation is not null) Validate(validation, nameof(validation));
        if (validation is not null && (validation.Features, validation.Classes) != (train.Features, train.Classes))
            throw new ArgumentException("validation and training set differ in features or classes", nameof(validation));

        int[] widths = options.Architecture == "mlp" ? [train.Features, options.Hidden, train.Classes] : [train.Features, train.Classes];
        var batchSize = Math.Min(options.BatchSize, train.Labels.Length);
        var network = new TrainableNetwork(widths, batchSize, new RandomStream(options.Seed, InitialStream));
        var (order, shuffle) = (Enumerable.Range(0, train.Labels.Length).ToArray(), new RandomStream(options.Seed, OrderStream));
        var steps = (double)options.Epochs * ((order.Length + batchSize - 1) / batchSize);
        var (best, lowest, bestEpoch, step) = (Export(), double.PositiveInfinity, 0, 0);
        for (var epoch = 1; epoch <= options.Epochs && (options.Patience == 0 || validation is null || epoch - bestEpoch <= options.Patience); epoch++)
        {
            shuffle.Shuffle<int>(order);
            var trainLoss = MeanLoss(train, order, learn: true);
            double? validationLoss = validation is null ? null : MeanLoss(validation, [.. Enumerable.Range(0, validation.Labels.Length)], learn: false);
            if (!double.IsFinite(trainLoss + (validationLoss ?? 0)))
                throw new UserError($"the loss of epoch {epoch} is not finite", field: "learningRate", got: $"{options.LearningRate}", fix: "Lower it, or scale the features");
            progress?.Invoke(new TrainingEpoch(epoch, trainLoss, validationLoss));
            if (validationLoss >= lowest) continue;
            (best, lowest, bestEpoch) = (Export(), validationLoss ?? lowest, epoch);
        }

        return Load(best);

        double MeanLoss(TrainingSet set, int[] rows, bool learn)
        {
            var (sum, total) = (0.0, 0.0);
            for (var first = 0; first < rows.Length; first += batchSize)
            {
                cancel.ThrowIfCancellationRequested();
                var (loss, weight) = network.Loss(set, rows.AsSpan(first, Math.Min(batchSize, rows.Length - first)), learn);
                (sum, total) = (sum + (weight * loss), total + weight);
                if (!learn) continue;
                var rate = options.LearningRate * (1 + Math.Cos(Math.PI * step++ / steps)) / 2;
                foreach (var parameter in network.Parameters) parameter.Step(step, rate, options.WeightDecay);
            }

            return sum / total;
        }

        Dictionary<string, Tensor> Export() => Layers(options.Architecture).Zip(network.Export())
            .SelectMany(l => new[] { (l.First + ".weight", l.Second.Weight), (l.First + ".bias", l.Second.Bias) }).ToDictionary();
    }

    public IClassifier Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        var architecture = weights.ContainsKey("linear.weight") ? "softmax" : "mlp";
        var layers = Layers(architecture);
        var expected = layers.SelectMany(l => new[] { l + ".bias", l + ".weight" }).Order(StringComparer.Ordinal).ToList();
        var got = weights.Keys.Order(StringComparer.Ordinal).ToList();
        if (!expected.SequenceEqual(got))
            throw new UserError("unknown set of weights", expected: string.Join(", ", expected), got: got.Count == 0 ? "none" : string.Join(", ", got.Take(8)));
        return new FeedForwardClassifier(architecture, weights.ToDictionary(), layers.Length > 1 ? layers[0] : null, layers[^1]);
    }

    private static string[] Layers(string architecture) => architecture == "mlp" ? ["hidden", "output"] : ["linear"];

    private static void Validate(TrainingOptions options)
    {
        foreach (var (met, field, expected, got) in new (bool, string, string, object)[]
        {
            (options.Architecture is "softmax" or "mlp", "architecture", "softmax or mlp", UserError.Quote(options.Architecture)),
            (options.Hidden is >= 1 and <= 8192, "hidden", "1 … 8192", options.Hidden),
            (options.Epochs is >= 1 and <= 100_000, "epochs", "1 … 100000", options.Epochs),
            (options.BatchSize is >= 1 and <= 8192, "batchSize", "1 … 8192", options.BatchSize),
            (options.LearningRate is > 0 and <= 10, "learningRate", "above 0, at most 10", options.LearningRate),
            (options.WeightDecay is >= 0 and <= 10, "weightDecay", "0 … 10", options.WeightDecay),
            (options.Patience >= 0, "patience", "0 or more", options.Patience),
        })
            if (!met) throw new UserError("cannot be trained with", field: field, expected: expected, got: FormattableString.Invariant($"{got}"));
    }

    private static void Validate(TrainingSet set, string name)
    {
        var n = set.Labels.Length;
        Kernels.RequireLength(set.Rows.Length, n, set.Features, name);
        Kernels.RequireLength(set.Weights?.Length ?? n, n, 1, name);
        if (n == 0 || set.Features < 1 || set.Classes < 2)
            throw new UserError("nothing to train on", field: name, expected: "rows, features and two classes", got: $"{n}, {set.Features} and {set.Classes}");
        var row = Array.FindIndex(set.Labels, l => l < 0 || l >= set.Classes);
        if (row >= 0) throw new UserError("unknown label", field: $"{name}, row {row}", expected: $"0 … {set.Classes - 1}", got: $"{set.Labels[row]}");
        var bad = Array.FindIndex(set.Rows, v => !float.IsFinite(v));
        if (bad >= 0) throw new UserError("not a finite number", field: $"{name}, row {bad / set.Features}, feature {bad % set.Features}");
        if (set.Weights is { } weights && (weights.Any(w => !(w >= 0 && float.IsFinite(w))) || !weights.Any(w => w > 0)))
            throw new UserError("weights of rows must not be negative, and some must be positive", field: name);
    }
}

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
        options.Validate("softmax", "mlp");
        train.Validate(validation);
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
}

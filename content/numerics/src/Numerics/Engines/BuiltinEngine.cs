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
        var network = new TrainableNetwork(widths, options.BatchSize, new RandomStream(options.Seed, InitialStream));
        var (batch, order, shuffle) = (new Batch(options.BatchSize, train.Features), Enumerable.Range(0, train.Labels.Length).ToArray(), new RandomStream(options.Seed, OrderStream));
        var steps = options.Epochs * ((order.Length + options.BatchSize - 1) / options.BatchSize);
        var (best, lowest, bestEpoch, step) = (Export(network), double.PositiveInfinity, 0, 0);
        for (var epoch = 1; epoch <= options.Epochs && (options.Patience == 0 || validation is null || epoch - bestEpoch <= options.Patience); epoch++)
        {
            shuffle.Shuffle<int>(order);
            var trainLoss = MeanLoss(network, train, order, batch, cancel, learned: () =>
            {
                var rate = options.LearningRate * (1 + Math.Cos(Math.PI * step++ / steps)) / 2;
                foreach (var parameter in network.Parameters) parameter.Step(step, rate, options.WeightDecay);
            });
            double? validationLoss = validation is null ? null : MeanLoss(network, validation, Enumerable.Range(0, validation.Labels.Length).ToArray(), batch, cancel);
            if (!double.IsFinite(trainLoss) || validationLoss is { } v && !double.IsFinite(v))
                throw new UserError($"the loss of epoch {epoch} is not finite", field: "learningRate", got: $"{options.LearningRate}", fix: "Lower the learning rate, or scale the features.");
            progress?.Invoke(new TrainingEpoch(epoch, trainLoss, validationLoss));
            if (validationLoss >= lowest) continue;
            (best, lowest, bestEpoch) = (Export(network), validationLoss ?? lowest, epoch);
        }

        return Load(best);

        Dictionary<string, Tensor> Export(TrainableNetwork n) => Layers(options.Architecture).Zip(n.Export())
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

    private static double MeanLoss(TrainableNetwork network, TrainingSet set, int[] order, Batch batch, CancellationToken cancel, Action? learned = null)
    {
        var (loss, total) = (0.0, 0.0);
        for (var first = 0; first < order.Length; first += batch.Capacity)
        {
            cancel.ThrowIfCancellationRequested();
            var weight = batch.Fill(set, order.AsSpan(first, Math.Min(batch.Capacity, order.Length - first)));
            loss += weight * network.Loss(batch.Rows, batch.Labels, batch.Weights, learn: learned is not null);
            total += weight;
            learned?.Invoke();
        }

        return loss / total;
    }

    private static void Validate(TrainingOptions options)
    {
        static void Require(bool met, string field, string expected, object got)
        {
            if (!met) throw new UserError("cannot be trained with", field: field, expected: expected, got: FormattableString.Invariant($"{got}"));
        }

        Require(options.Architecture is "softmax" or "mlp", "architecture", "softmax or mlp", UserError.Quote(options.Architecture));
        Require(options.Hidden is >= 1 and <= 8192, "hidden", "1 … 8192", options.Hidden);
        Require(options.Epochs is >= 1 and <= 100_000, "epochs", "1 … 100000", options.Epochs);
        Require(options.BatchSize is >= 1 and <= 8192, "batchSize", "1 … 8192", options.BatchSize);
        Require(options.LearningRate is > 0 and <= 10, "learningRate", "above 0, at most 10", options.LearningRate);
        Require(options.WeightDecay is >= 0 and <= 10, "weightDecay", "0 … 10", options.WeightDecay);
        Require(options.Patience >= 0, "patience", "0 or more", options.Patience);
    }

    private static void Validate(TrainingSet set, string name)
    {
        var n = set.Labels.Length;
        Kernels.RequireLength(set.Rows.Length, n, set.Features, name);
        Kernels.RequireLength(set.Weights?.Length ?? n, n, 1, name);
        if (n == 0 || set.Features < 1 || set.Classes < 2) throw new UserError("nothing to train on", field: name, expected: "rows, features and two classes", got: $"{n} rows, {set.Features} features, {set.Classes} classes");
        var row = Array.FindIndex(set.Labels, l => l < 0 || l >= set.Classes);
        if (row >= 0) throw new UserError("unknown label", field: $"{name}, row {row}", expected: $"0 … {set.Classes - 1}", got: $"{set.Labels[row]}");
        var bad = Array.FindIndex(set.Rows, v => !float.IsFinite(v));
        if (bad >= 0) throw new UserError("not a finite number", field: $"{name}, row {bad / set.Features}, feature {bad % set.Features}");
        if (set.Weights is { } weights && (weights.Any(w => !(w >= 0 && float.IsFinite(w))) || !weights.Any(w => w > 0)))
            throw new UserError("weights of rows must not be negative, and some must be positive", field: name);
    }

    /// <summary>Rows of a training set, gathered as double.</summary>
    private sealed class Batch(int capacity, int features)
    {
        private readonly double[] _rows = new double[capacity * features], _weights = new double[capacity];
        private readonly int[] _labels = new int[capacity];
        private int _count;

        public int Capacity => capacity;
        public ReadOnlySpan<double> Rows => _rows.AsSpan(0, _count * features);
        public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);
        public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

        /// <summary>Gives the sum of the rows' weights.</summary>
        public double Fill(TrainingSet set, ReadOnlySpan<int> rows)
        {
            var total = 0.0;
            _count = rows.Length;
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j < features; j++) _rows[(i * features) + j] = set.Rows[(rows[i] * features) + j];
                (_labels[i], _weights[i]) = (set.Labels[rows[i]], set.Weights?[rows[i]] ?? 1);
                total += _weights[i];
            }

            return total;
        }
    }
}

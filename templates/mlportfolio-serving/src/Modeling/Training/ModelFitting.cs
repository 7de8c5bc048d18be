namespace PortfolioProject.Modeling;

/// <summary>A model with its preprocessing; the temperature is already in the weights.</summary>
internal sealed record FittedModel(IReadOnlyList<FeatureColumn> Columns, IClassifier Classifier, double Temperature)
{
    /// <summary>Probabilities [n × classes] of raw rows.</summary>
    public float[] Predict(ReadOnlySpan<float> raw)
    {
        var probabilities = new float[raw.Length / Columns.Count * Classifier.Classes];
        Classifier.Predict(Preprocessing.Apply(Columns, raw), probabilities);
        return probabilities;
    }
}

/// <summary>
/// Fits one variant: scaling from the training rows, then weights, then the temperature on the validation rows. The models that
/// are not trained (majority, nearest centroid) are linear ones with computed weights, so all go the same way.
/// </summary>
internal static class ModelFitting
{
    public static FittedModel Fit(Table table, int[] train, int[] validation, VariantConfig variant, TrainingConfig config, IModelEngine engine, CancellationToken cancel)
    {
        var columns = FeatureColumns.Describe(table, train, variant.Scaling);
        var (fitting, checking) = (Scaled(table, train, columns), Scaled(table, validation, columns));
        var classifier = variant.Model switch
        {
            ModelType.Majority => engine.Load(Majority(fitting)),
            ModelType.NearestCentroid => engine.Load(NearestCentroid(fitting)),
            _ => engine.Train(fitting, checking, Options(variant, config.Fit, fitting.Labels.Length, config.Seed), cancel: cancel),
        };
        var temperature = variant.Calibrate && variant.Model != ModelType.Majority ? Calibration.Temperature(classifier, checking) : 1;
        return new FittedModel(columns, engine.Load(Calibration.Fold(classifier.Weights, temperature)), temperature);
    }

    private static TrainingOptions Options(VariantConfig variant, FitConfig fit, int rows, long seed)
    {
        var epochs = (int)Math.Max(fit.MinEpochs, (long)fit.Updates * fit.BatchSize / rows);
        return new TrainingOptions
        {
            Architecture = variant.Model == ModelType.Softmax ? "softmax" : "mlp",
            Hidden = variant.Hidden,
            Epochs = epochs,
            BatchSize = fit.BatchSize,
            LearningRate = fit.LearningRate,
            WeightDecay = fit.WeightDecay,
            Patience = (int)Math.Ceiling(fit.Patience * epochs),
            Seed = seed,
        };
    }

    private static TrainingSet Scaled(Table table, int[] rows, IReadOnlyList<FeatureColumn> columns) =>
        new(Preprocessing.Apply(columns, table.RowsOf(rows)), [.. rows.Select(row => table.Labels[row])], columns.Count, table.Classes.Count);

    private static Dictionary<string, Tensor> Majority(TrainingSet set) =>
        Linear(set, new float[set.Classes * set.Features], k => (float)Math.Log((set.Labels.Count(l => l == k) + 1.0) / (set.Labels.Length + set.Classes)));

    /// <summary>The largest x·μₖ − |μₖ|²/2 is the smallest distance |x − μₖ|. A class without a training row is never the nearest.</summary>
    private static Dictionary<string, Tensor> NearestCentroid(TrainingSet set)
    {
        var (sums, counts) = (new double[set.Classes * set.Features], new int[set.Classes]);
        foreach (var (i, label) in set.Labels.Index())
        {
            counts[label]++;
            for (var j = 0; j < set.Features; j++) sums[(label * set.Features) + j] += set.Rows[(i * set.Features) + j];
        }

        float[] means = [.. sums.Select((sum, at) => (float)(sum / Math.Max(1, counts[at / set.Features])))];
        return Linear(set, means, k => counts[k] == 0 ? -1e6f : (float)(-0.5 * means.Skip(k * set.Features).Take(set.Features).Sum(m => (double)m * m)));
    }

    private static Dictionary<string, Tensor> Linear(TrainingSet set, float[] weights, Func<int, float> bias) => new()
    {
        ["linear.weight"] = new([set.Classes, set.Features], weights),
        ["linear.bias"] = new([set.Classes], [.. Enumerable.Range(0, set.Classes).Select(bias)]),
    };
}

using PortfolioProject.Numerics;

namespace PortfolioProject.Modeling;

/// <summary>A model with its preprocessing; the temperature is already in the weights.</summary>
internal sealed record FittedModel(IReadOnlyList<FeatureColumn> Columns, IClassifier Classifier, double Temperature, int Epochs)
{
    /// <summary>Probabilities [n × classes] of raw rows.</summary>
    public float[] Predict(ReadOnlySpan<float> raw)
    {
        var (scaled, probabilities) = (new float[raw.Length], new float[raw.Length / Columns.Count * Classifier.Classes]);
        Preprocessing.Apply(Columns, raw, scaled);
        Classifier.Predict(scaled, probabilities);
        return probabilities;
    }
}

/// <summary>
/// Fits one variant: scaling from the training rows, then weights, then the temperature on the validation rows, then rounding. The models that
/// are not trained (majority, nearest centroid) are linear ones with computed weights, so all go the same way.
/// </summary>
internal static class ModelFitting
{
    public static FittedModel Fit(Table table, int[] train, int[] validation, VariantConfig variant, TrainingConfig config, IModelEngine engine, CancellationToken cancel)
    {
        var columns = FeatureColumns.Describe(table, train, variant.Scaling);
        var (fitting, checking) = (Scaled(table, train, columns, variant, config), Scaled(table, validation, columns, variant with { Augment = Augmentation.None }, config));
        var epochs = 0;
        var classifier = variant.Model switch
        {
            ModelType.Majority => engine.Load(Majority(fitting)),
            ModelType.NearestCentroid => engine.Load(NearestCentroid(fitting)),
            _ => engine.Train(fitting, checking, Options(variant, config.Fit, fitting.Labels.Length, config.Seed), e => epochs = e.Epoch, cancel),
        };
        var temperature = variant.Calibrate && variant.Model != ModelType.Majority ? Calibration.Temperature(classifier, checking) : 1;
        return new FittedModel(columns, engine.Load(Quantization.Round(Calibration.Fold(classifier.Weights, temperature), variant.Bits)), temperature, epochs);
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

    private static TrainingSet Scaled(Table table, int[] rows, IReadOnlyList<FeatureColumn> columns, VariantConfig variant, TrainingConfig config)
    {
        var (raw, labels) = (table.RowsOf(rows), rows.Select(row => table.Labels[row]).ToArray());
        if (variant.Augment == Augmentation.Shift && config.ImageWidth(columns.Count) is { } width) (raw, labels) = Shifts.Add(raw, labels, width, columns.Count / width);
        var scaled = new float[raw.Length];
        Preprocessing.Apply(columns, raw, scaled);
        return new TrainingSet(scaled, labels, columns.Count, table.Classes.Count);
    }

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

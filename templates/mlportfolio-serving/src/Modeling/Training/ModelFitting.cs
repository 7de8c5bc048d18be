namespace PortfolioProject.Modeling;

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
            Architecture = $"{variant.Model}".ToLowerInvariant(),
            Hidden = variant.Hidden,
            Epochs = epochs,
            BatchSize = fit.BatchSize,
            LearningRate = fit.LearningRate,
            WeightDecay = fit.WeightDecay,
            Patience = (int)Math.Ceiling(fit.Patience * epochs),
            Seed = seed,
        };
    }

    private static TrainingSet Scaled(Table table, int[] rows, FeatureColumn[] columns)
    {
        var values = table.RowsOf(rows);
        FittedModel.Scale(columns, values, values);
        return new TrainingSet(values, [.. rows.Select(row => table.Labels[row])], columns.Length, table.Classes.Count);
    }

    private static Dictionary<string, Tensor> Majority(TrainingSet set) =>
        Linear(set, new float[set.Classes * set.Features], k => (float)Math.Log((set.Labels.Count(l => l == k) + 1.0) / (set.Labels.Length + set.Classes)));

    /// <summary>The largest x·μₖ − |μₖ|²/2 is the smallest distance |x − μₖ|. A class without a training row is never the nearest.</summary>
    private static Dictionary<string, Tensor> NearestCentroid(TrainingSet set)
    {
        var members = Enumerable.Range(0, set.Labels.Length).ToLookup(i => set.Labels[i]);
        float[] means = [.. Enumerable.Range(0, set.Classes * set.Features).Select(at => (Class: members[at / set.Features], Feature: at % set.Features))
            .Select(at => (float)(at.Class.Sum(i => (double)set.Rows[(i * set.Features) + at.Feature]) / Math.Max(1, at.Class.Count())))];
        return Linear(set, means, k => members.Contains(k) ? (float)(-0.5 * means.Skip(k * set.Features).Take(set.Features).Sum(m => (double)m * m)) : -1e6f);
    }

    private static Dictionary<string, Tensor> Linear(TrainingSet set, float[] weights, Func<int, float> bias) => new()
    {
        ["linear.weight"] = new([set.Classes, set.Features], weights),
        ["linear.bias"] = new([set.Classes], [.. Enumerable.Range(0, set.Classes).Select(bias)]),
    };
}

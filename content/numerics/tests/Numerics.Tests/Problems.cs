namespace PortfolioProject.Numerics.Tests;

/// <summary>Synthetic classification problems.</summary>
internal static class Problems
{
    /// <summary>Three Gaussian clouds in the plane, two standard deviations from the origin: linear, and not quite separable.</summary>
    public static TrainingSet Clouds(int n, int seed) => Draw(n, 3, seed, (label, draws) =>
    {
        var angle = 2 * Math.PI * label / 3;
        return [(float)((2 * Math.Cos(angle)) + draws.Normal()), (float)((2 * Math.Sin(angle)) + draws.Normal())];
    });

    /// <summary>Exclusive or: the label is whether the two signs differ. No linear model does better than chance.</summary>
    public static TrainingSet ExclusiveOr(int n, int seed) => Draw(n, 2, seed, (label, draws) =>
    {
        var (x, y) = (0.1 + (0.9 * draws.Unit()), 0.1 + (0.9 * draws.Unit()));
        var sign = draws.Below(2) == 0 ? 1 : -1;
        return [(float)(sign * x), (float)(sign * (label == 0 ? y : -y))];
    });

    /// <summary>Labels that have nothing to do with the features: what is learned of them does not generalise.</summary>
    public static TrainingSet Noise(int n, int seed) => Draw(n, 2, seed, (_, draws) => [.. Enumerable.Range(0, 8).Select(_ => (float)draws.Normal())]);

    public static IClassifier Train(TrainingSet train, TrainingSet? validation, TrainingOptions options, Action<TrainingEpoch>? progress = null) =>
        new BuiltinEngine().Train(train, validation, options, progress, TestContext.Current.CancellationToken);

    public static double[] Predict(IClassifier classifier, TrainingSet set)
    {
        var probabilities = new float[set.Labels.Length * set.Classes];
        classifier.Predict(set.Rows, probabilities);
        return [.. probabilities];
    }

    public static double Accuracy(IClassifier classifier, TrainingSet set) =>
        Predict(classifier, set).Chunk(set.Classes).Zip(set.Labels, (p, label) => p.Index().MaxBy(x => x.Item).Index == label ? 1.0 : 0).Average();

    public static double Loss(IClassifier classifier, TrainingSet set) =>
        Predict(classifier, set).Chunk(set.Classes).Zip(set.Labels, (p, label) => -Math.Log(p[label])).Average();

    public static byte[] Bytes(IClassifier classifier) => Safetensors.Format(classifier.Weights);

    private static TrainingSet Draw(int n, int classes, int seed, Func<int, RandomStream, float[]> row)
    {
        var draws = new RandomStream(seed, 1);
        int[] labels = [.. Enumerable.Range(0, n).Select(i => i % classes)];
        float[][] rows = [.. labels.Select(label => row(label, draws))];
        return new TrainingSet([.. rows.SelectMany(r => r)], labels, rows[0].Length, classes);
    }
}

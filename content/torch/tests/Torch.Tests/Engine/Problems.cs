namespace PortfolioProject.Torch.Tests;

/// <summary>Small sets, and engines on the CPU.</summary>
internal static class Problems
{
    public static readonly TorchEngine Engine = new(new TorchConfig());

    /// <summary>Images of 8 × 8 in three classes: a bright column on the left, in the middle or on the right, under noise.</summary>
    public static TrainingSet Stripes(int n, long seed)
    {
        var (stream, labels, rows) = (new RandomStream(seed, 1), new int[n], new float[n * 64]);
        for (var i = 0; i < n; i++)
        {
            labels[i] = i % 3;
            for (var p = 0; p < 64; p++) rows[(i * 64) + p] = (float)((0.5 * stream.Normal()) + (p % 8 == 1 + (3 * labels[i]) ? 1 : 0));
        }

        return new TrainingSet(rows, labels, 64, 3);
    }

    public static TrainingOptions Options(string architecture) => new() { Architecture = architecture, Hidden = 12, Epochs = 12, BatchSize = 16, LearningRate = 0.01, Patience = 0, Seed = 5 };

    public static IClassifier Train(IModelEngine engine, TrainingSet train, TrainingOptions options, TrainingSet? validation = null, Action<TrainingEpoch>? progress = null, CancellationToken? cancel = null) =>
        engine.Train(train, validation, options, progress, cancel ?? TestContext.Current.CancellationToken);

    public static float[] Predict(IClassifier classifier, float[] rows)
    {
        var probabilities = new float[rows.Length / classifier.Features * classifier.Classes];
        classifier.Predict(rows, probabilities);
        return probabilities;
    }

    public static double Accuracy(IClassifier classifier, TrainingSet set) =>
        Predict(classifier, set.Rows).Chunk(classifier.Classes).Index().Average(p => p.Item.IndexOf(p.Item.Max()) == set.Labels[p.Index] ? 1.0 : 0);

    private static int IndexOf(this float[] values, float value) => Array.IndexOf(values, value);

    public static double LargestDifference(IEnumerable<float> a, IEnumerable<float> b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();
}

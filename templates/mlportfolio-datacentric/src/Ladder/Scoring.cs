namespace PortfolioProject.Ladder;

/// <summary>How a fitted model does on test rows, and how finders do against planted truth.</summary>
public static class Scoring
{
    private const int Bins = 15;

    public static IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        Seeded("accuracy", "Accuracy", Direction.Higher, "sealed test rows", "Share of test rows whose most probable class is the true one.", headline: true),
        Seeded("macro-f1", "Macro-F1", Direction.Higher, "classes", "Mean over classes of F1 = 2·TP/(2·TP + FP + FN).", headline: true),
        Seeded("rare-recall", "Rare-class recall", Direction.Higher, "rare classes", "Mean recall of the classes that were cut; without planted faults, of the class with the fewest training rows.", headline: true),
        Seeded("ece", "Calibration error", Direction.Lower, "sealed test rows", "Expected calibration error: mean |accuracy − confidence| over 15 equal bins of the largest probability, weighted by rows.", headline: true),
        Seeded("precision", "Precision", Direction.Higher, "flagged rows", "Share of the flagged rows that were planted."),
        Seeded("recall", "Recall", Direction.Higher, "planted rows", "Share of the planted rows that were flagged."),
        Seeded("f1", "F1", Direction.Higher, "flagged and planted rows", "Harmonic mean of precision and recall."),
        Seeded("rare-lost", "Rare rows lost", Direction.Lower, "rightly labelled rows of rare classes", "Share of the rightly labelled training rows of rare classes that were flagged."),
        Seeded("average-precision", "Average precision", Direction.Higher, "planted label errors", "Mean precision at each planted label error, rows ranked from the most doubtful."),
        Seeded("flagged", "Flagged", Direction.None, "seeds", "How many rows were flagged.") with { Unit = "rows" },
        Seeded("rows", "Training rows", Direction.None, "seeds", "How many rows the model was fitted on.") with { Unit = "rows" },
    ];

    private static MetricDefinition Seeded(string name, string title, Direction direction, string denominator, string definition, bool headline = false) =>
        new(name, title, "share", direction, denominator, definition) { Method = IntervalMethod.TOverSeeds, Headline = headline };

    /// <summary>Accuracy, macro-F1, recall of the rare classes and calibration error.</summary>
    public static Dictionary<string, double> Score(Matrix p, int[] labels, IReadOnlyCollection<int> rare)
    {
        var confusion = Confusion(p, labels);
        var k = confusion.Length;
        double Recall(int c) => confusion[c].Sum() == 0 ? 0 : (double)confusion[c][c] / confusion[c].Sum();
        double F1(int c) => 2.0 * confusion[c][c] / Math.Max(1, confusion[c].Sum() + confusion.Sum(r => r[c]));
        var bins = Reliability(p, labels);
        return new()
        {
            ["accuracy"] = Enumerable.Range(0, k).Sum(c => confusion[c][c]) / (double)labels.Length,
            ["macro-f1"] = Enumerable.Range(0, k).Average(F1),
            ["rare-recall"] = rare.Average(Recall),
            ["ece"] = bins.Sum(b => Math.Abs(b.Right - b.Confidence)) / labels.Length,
        };
    }

    /// <summary>Counts by true and predicted class.</summary>
    public static int[][] Confusion(Matrix p, int[] labels)
    {
        var counts = Enumerable.Range(0, p.Columns).Select(_ => new int[p.Columns]).ToArray();
        for (var i = 0; i < labels.Length; i++) counts[labels[i]][Probabilities.Largest(p.Row(i))]++;
        return counts;
    }

    /// <summary>By bin of the largest probability: rows, how many are right, and the sum of the probabilities.</summary>
    public static (int Rows, int Right, double Confidence)[] Reliability(Matrix p, int[] labels)
    {
        var bins = new (int Rows, int Right, double Confidence)[Bins];
        for (var i = 0; i < labels.Length; i++)
        {
            var best = Probabilities.Largest(p.Row(i));
            ref var bin = ref bins[Math.Clamp((int)Math.Ceiling(p[i, best] * Bins) - 1, 0, Bins - 1)];
            bin = (bin.Rows + 1, bin.Right + (best == labels[i] ? 1 : 0), bin.Confidence + p[i, best]);
        }

        return bins;
    }

    /// <summary>Precision, recall and F1 of flagged rows; empty without planted truth. Nothing flagged has no precision.</summary>
    public static Dictionary<string, double> Detection(IReadOnlyCollection<int> flagged, Func<int, bool> planted, int rows)
    {
        var (hits, truth) = (flagged.Count(planted), Enumerable.Range(0, rows).Count(planted));
        var values = new Dictionary<string, double> { ["flagged"] = flagged.Count };
        if (flagged.Count > 0) values["precision"] = (double)hits / flagged.Count;
        if (truth > 0) values["recall"] = (double)hits / truth;
        if (truth + flagged.Count > 0) values["f1"] = 2.0 * hits / (truth + flagged.Count);
        return values;
    }

    public static double AveragePrecision(IReadOnlyList<int> ranked, Func<int, bool> planted)
    {
        var (hits, sum) = (0, 0.0);
        foreach (var (rank, row) in ranked.Index()) if (planted(row)) sum += ++hits / (rank + 1.0);
        return hits == 0 ? 0 : sum / hits;
    }
}

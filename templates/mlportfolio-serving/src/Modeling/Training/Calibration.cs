namespace PortfolioProject.Modeling;

/// <summary>Temperature scaling (Guo et al. 2017): logits are divided by the T that gives validation rows the lowest log-loss.</summary>
internal static class Calibration
{
    /// <summary>Golden-section search over ln T in [½, 10]; log-loss is convex in 1/T, so there is one minimum.</summary>
    public static double Temperature(IClassifier classifier, TrainingSet validation)
    {
        var probabilities = new float[validation.Labels.Length * classifier.Classes];
        classifier.Predict(validation.Rows, probabilities);
        var logits = probabilities.Select(p => Math.Log(Math.Max(p, float.Epsilon))).Chunk(classifier.Classes).ToList();
        double Loss(double t) => logits.Zip(validation.Labels, (row, label) => Math.Log(row.Sum(logit => Math.Exp(logit / t))) - (row[label] / t)).Sum();
        var (low, high, ratio) = (Math.Log(0.5), Math.Log(10), (Math.Sqrt(5) - 1) / 2);
        for (var step = 0; step < 40; step++)
        {
            var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            (low, high) = Loss(Math.Exp(left)) <= Loss(Math.Exp(right)) ? (low, right) : (left, high);
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>The weights of the same model with T inside: weight and bias of the last layer divided by it.</summary>
    public static IReadOnlyDictionary<string, Tensor> Fold(IReadOnlyDictionary<string, Tensor> weights, double temperature)
    {
        var last = weights.ContainsKey("linear.weight") ? "linear." : "output.";
        return weights.ToDictionary(w => w.Key, w => w.Key.StartsWith(last, StringComparison.Ordinal) ? w.Value with { Values = [.. w.Value.Values.Select(v => (float)(v / temperature))] } : w.Value);
    }
}

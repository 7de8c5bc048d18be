using PortfolioProject.Numerics;

namespace PortfolioProject.Modeling;

/// <summary>Temperature scaling (Guo et al. 2017): logits are divided by the T that gives validation rows the lowest log-loss.</summary>
internal static class Calibration
{
    private const double Lowest = 0.5, Highest = 10;

    /// <summary>Golden-section search over ln T in [½, 10]; log-loss is convex in 1/T, so there is one minimum.</summary>
    public static double Temperature(IClassifier classifier, TrainingSet validation)
    {
        var probabilities = new float[validation.Labels.Length * classifier.Classes];
        classifier.Predict(validation.Rows, probabilities);
        double[] logits = [.. probabilities.Select(p => Math.Log(Math.Max(p, float.Epsilon)))];
        double Loss(double logT)
        {
            var (loss, t) = (0.0, Math.Exp(logT));
            foreach (var (i, label) in validation.Labels.Index())
            {
                var row = logits.AsSpan(i * classifier.Classes, classifier.Classes);
                var (largest, sum) = (double.NegativeInfinity, 0.0);
                foreach (var logit in row) largest = Math.Max(largest, logit / t);
                foreach (var logit in row) sum += Math.Exp((logit / t) - largest);
                loss += largest + Math.Log(sum) - (row[label] / t);
            }

            return loss;
        }

        var (low, high, ratio) = (Math.Log(Lowest), Math.Log(Highest), (Math.Sqrt(5) - 1) / 2);
        for (var step = 0; step < 40; step++)
        {
            var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            if (Loss(left) <= Loss(right)) high = right;
            else low = left;
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

/// <summary>Rounds weights to a symmetric grid of 2^bits − 1 steps a unit: what integer weights would predict, computed in float.</summary>
internal static class Quantization
{
    public static IReadOnlyDictionary<string, Tensor> Round(IReadOnlyDictionary<string, Tensor> weights, int bits) => bits == 32 ? weights
        : weights.ToDictionary(w => w.Key, w => w.Value.Shape.Count < 2 ? w.Value : w.Value with { Values = [.. w.Value.Values.Chunk(w.Value.Shape[1]).SelectMany(unit => Round(unit, bits))] });

    private static IEnumerable<float> Round(float[] unit, int bits)
    {
        var step = unit.Max(Math.Abs) / ((1 << (bits - 1)) - 1);
        return unit.Select(w => step == 0 ? w : MathF.Round(w / step) * step);
    }
}

/// <summary>Copies of images moved by one pixel; what moves in is the lowest value of the rows.</summary>
internal static class Shifts
{
    private static readonly (int X, int Y)[] Moves = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];

    public static (float[] Rows, int[] Labels) Add(float[] rows, int[] labels, int width, int height)
    {
        var (size, blank) = (width * height, rows.Min());
        var moved = new float[rows.Length * Moves.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            var (image, move, pixel) = (i / size / Moves.Length, Moves[i / size % Moves.Length], i % size);
            var (x, y) = ((pixel % width) - move.X, (pixel / width) - move.Y);
            moved[i] = x >= 0 && x < width && y >= 0 && y < height ? rows[(image * size) + (y * width) + x] : blank;
        }

        return (moved, [.. labels.SelectMany(label => Enumerable.Repeat(label, Moves.Length))]);
    }
}

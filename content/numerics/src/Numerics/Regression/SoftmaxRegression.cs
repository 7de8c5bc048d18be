namespace PortfolioProject.Numerics;

/// <summary>Weighted mean cross-entropy + ½·<paramref name="L2"/>·‖W‖² (the bias is free), minimised by <paramref name="Iterations"/> full-batch steps.</summary>
public sealed record SoftmaxRegressionOptions(double L2 = 1e-3, int Iterations = 200, int PowerIterations = 50);

/// <summary>
/// Multinomial logistic regression in double, W [classes × features] and b [classes], from zero by Nesterov's accelerated gradient with the
/// t-sequence of FISTA (Beck, Teboulle 2009). The step is 1/(½·λmax·1.01 + l2): ½ bounds the softmax Hessian, λmax is the largest eigenvalue of
/// XᵀX/n (X with its column of ones) by power iteration from ones. No randomness: the same data give the same bits.
/// </summary>
public sealed class SoftmaxRegression
{
    private readonly double[] _augmented; // [classes × (features + 1)], the bias last

    private SoftmaxRegression(double[] augmented, int features) => (_augmented, Features, Classes) = (augmented, features, augmented.Length / (features + 1));

    public int Features { get; }
    public int Classes { get; }
    public Matrix Weights => new(Classes, Features, [.. Enumerable.Range(0, Classes).SelectMany(k => _augmented.AsSpan(k * (Features + 1), Features).ToArray())]);
    public double[] Bias => [.. Enumerable.Range(1, Classes).Select(k => _augmented[(k * (Features + 1)) - 1])];

    /// <summary>Fits rows <paramref name="x"/> [n × features] with labels 0 … classes − 1 and optional weights of the rows (not negative, some positive).</summary>
    public static SoftmaxRegression Fit(Matrix x, int[] labels, int classes, SoftmaxRegressionOptions options, double[]? weights = null)
    {
        Kernels.RequireLength(labels.Length, x.Rows, 1, nameof(labels));
        Kernels.RequireLength(weights?.Length ?? x.Rows, x.Rows, 1, nameof(weights));
        var total = weights?.Sum() ?? x.Rows;
        if (!(total > 0) || weights?.Any(w => !(w >= 0)) == true) throw new ArgumentException("weights must not be negative, and some must be positive", nameof(weights));
        if (labels.Any(label => label < 0 || label >= classes)) throw new ArgumentException($"labels must be 0 … {classes - 1}", nameof(labels));

        var (n, width) = (x.Rows, x.Columns + 1);
        double[] share = [.. Enumerable.Range(0, n).Select(i => (weights?[i] ?? 1) / total)];
        var rows = WithOnes(x);
        var (byFeature, byRow) = (new PackedMatrix<double>(rows, width, n, transposed: true), new PackedMatrix<double>(rows, n, width));
        var step = 1 / ((0.5 * 1.01 * LargestEigenvalue(rows, share, byRow, options.PowerIterations)) + options.L2);

        var (current, ahead, t) = (new double[classes * width], new double[classes * width], 1.0);
        var (residuals, gradient) = (new double[classes * n], new double[classes * width]);
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            Residuals(ahead, byFeature, labels, share, residuals);
            for (var j = 0; j < gradient.Length; j++) gradient[j] = j % width == x.Columns ? 0 : options.L2 * ahead[j];
            byRow.AddProduct(residuals, gradient, classes);
            var next = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            var momentum = (t - 1) / next;
            t = next;
            for (var j = 0; j < current.Length; j++)
            {
                var stepped = ahead[j] - (step * gradient[j]);
                ahead[j] = stepped + (momentum * (stepped - current[j]));
                current[j] = stepped;
            }
        }

        return new SoftmaxRegression(current, x.Columns);
    }

    /// <summary>Probabilities [n × classes] of rows [n × features].</summary>
    public Matrix Probabilities(Matrix x)
    {
        if (x.Columns != Features) throw new ArgumentException($"{x.Columns} columns where {Features} are needed", nameof(x));
        var probabilities = new Matrix(x.Rows, Classes);
        Kernels.AddProduct(WithOnes(x), _augmented, probabilities.Values, x.Rows, Features + 1, Classes, transposeB: true);
        for (var i = 0; i < x.Rows; i++) Kernels.Softmax(probabilities.Row(i));
        return probabilities;
    }

    /// <summary>(p − 1[label])·share of each class and row, [classes × n].</summary>
    private static void Residuals(double[] augmented, PackedMatrix<double> byFeature, int[] labels, double[] share, double[] residuals)
    {
        var classes = augmented.Length / byFeature.Depth;
        Array.Clear(residuals);
        byFeature.AddProduct(augmented, residuals, classes);
        Span<double> logits = new double[classes];
        for (var i = 0; i < share.Length; i++)
        {
            for (var k = 0; k < classes; k++) logits[k] = residuals[(k * share.Length) + i];
            Kernels.Softmax(logits);
            logits[labels[i]] -= 1;
            for (var k = 0; k < classes; k++) residuals[(k * share.Length) + i] = share[i] * logits[k];
        }
    }

    private static double LargestEigenvalue(double[] rows, double[] share, PackedMatrix<double> byRow, int iterations)
    {
        var width = byRow.Columns;
        var (weighted, gram) = (new double[rows.Length], new double[width * width]);
        for (var j = 0; j < rows.Length; j++) weighted[j] = share[j / width] * rows[j];
        byRow.AddProduct(weighted, gram, width, transposeA: true);
        var (vector, norm) = (Enumerable.Repeat(1.0, width).ToArray(), Math.Sqrt(width));
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var image = new double[width];
            for (var j = 0; j < width; j++) image[j] = Kernels.Dot<double>(gram.AsSpan(j * width, width), vector) / norm;
            (vector, norm) = (image, Math.Sqrt(Kernels.Dot<double>(image, image)));
        }

        return norm;
    }

    private static double[] WithOnes(Matrix x)
    {
        var rows = new double[x.Rows * (x.Columns + 1)];
        Array.Fill(rows, 1);
        for (var i = 0; i < x.Rows; i++) x.Row(i).CopyTo(rows.AsSpan(i * (x.Columns + 1)));
        return rows;
    }
}

namespace PortfolioProject.Numerics.Tests;

public sealed class SoftmaxRegressionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fit_agrees_with_the_algorithm_written_in_plain_loops(bool weighted)
    {
        var (x, labels, weights) = Problem(90, weighted);
        var options = new SoftmaxRegressionOptions(1e-2, 60);
        var fitted = SoftmaxRegression.Fit(x, labels, 3, options, weights);
        var plain = PlainFit(x, labels, 3, options, weights ?? [.. Enumerable.Repeat(1.0, 90)]);
        for (var k = 0; k < 3; k++)
        {
            for (var j = 0; j < x.Columns; j++) Assert.Equal(plain[k, j], fitted.Weights[k, j], 1e-10);
            Assert.Equal(plain[k, x.Columns], fitted.Bias[k], 1e-10);
        }
    }

    [Fact]
    public void Enough_iterations_end_where_the_gradient_is_zero()
    {
        var (x, labels, _) = Problem(90, false);
        var fitted = SoftmaxRegression.Fit(x, labels, 3, new SoftmaxRegressionOptions(1e-2, 5000));
        var p = fitted.Probabilities(x);
        for (var k = 0; k < 3; k++)
        {
            double Residual(int i) => (p[i, k] - (labels[i] == k ? 1 : 0)) / 90;
            Assert.Equal(0, Enumerable.Range(0, 90).Sum(Residual), 1e-9);
            for (var j = 0; j < x.Columns; j++) Assert.Equal(0, (1e-2 * fitted.Weights[k, j]) + Enumerable.Range(0, 90).Sum(i => Residual(i) * x[i, j]), 1e-9);
        }
    }

    [Fact]
    public void Whole_weights_count_as_repeated_rows()
    {
        var (x, labels, _) = Problem(60, false);
        double[] weights = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 3))];
        int[] repeated = [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        var twice = new Matrix(repeated.Length, x.Columns, [.. repeated.SelectMany(i => x.Row(i).ToArray())]);
        var options = new SoftmaxRegressionOptions();
        var (a, b) = (SoftmaxRegression.Fit(x, labels, 3, options, weights), SoftmaxRegression.Fit(twice, [.. repeated.Select(i => labels[i])], 3, options));
        for (var at = 0; at < a.Weights.Values.Length; at++) Assert.Equal(b.Weights.Values[at], a.Weights.Values[at], 1e-10);
    }

    [Fact]
    public void The_loss_falls_well_below_that_of_a_constant_answer()
    {
        var (x, labels, _) = Problem(300, false);
        var fitted = SoftmaxRegression.Fit(x, labels, 3, new SoftmaxRegressionOptions());
        var p = fitted.Probabilities(x);
        Assert.InRange(labels.Select((label, i) => -Math.Log(p[i, label])).Average(), 0, 0.3); // the constant answer: ln 3 = 1.0986
        Assert.InRange(labels.Where((label, i) => p.Row(i).ToArray().Index().MaxBy(v => v.Item).Index == label).Count() / 300.0, 0.9, 1);
        for (var i = 0; i < x.Rows; i++) Assert.Equal(1, p.Row(i).ToArray().Sum(), 1e-12);
    }

    [Fact]
    public void Features_that_are_all_zero_leave_the_shares_of_the_labels()
    {
        var fitted = SoftmaxRegression.Fit(new Matrix(4, 2), [0, 0, 0, 1], 2, new SoftmaxRegressionOptions(Iterations: 500));
        Assert.Equal(0.75, fitted.Probabilities(new Matrix(1, 2))[0, 0], 1e-9);
        Assert.Equal([0, 0, 0, 0], fitted.Weights.Values);
    }

    [Fact]
    public void A_fit_has_the_same_bits_under_every_vector_width()
    {
        var (x, labels, weights) = Problem(90, true);
        var fitted = SoftmaxRegression.Fit(x, labels, 3, new SoftmaxRegressionOptions(Iterations: 30), weights);
        var bits = string.Concat(fitted.Weights.Values.Concat(fitted.Bias).Concat(fitted.Probabilities(x).Values).Select(v => $"{BitConverter.DoubleToInt64Bits(v):x}"));
        VectorWidths.AssertSameBits(GetType(), nameof(A_fit_has_the_same_bits_under_every_vector_width), TextFile.Sha256(bits));
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        var x = new Matrix(2, 1, [1, 2]);
        var options = new SoftmaxRegressionOptions();
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(x, [0], 2, options));
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(x, [0, 2], 2, options));
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(x, [0, 1], 2, options, [1, -1]));
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(x, [0, 1], 2, options, [0, 0]));
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(new Matrix(0, 1), [], 2, options));
        Assert.Throws<ArgumentException>(() => SoftmaxRegression.Fit(x, [0, 1], 2, options).Probabilities(new Matrix(1, 2)));
    }

    private static (Matrix X, int[] Labels, double[]? Weights) Problem(int n, bool weighted)
    {
        var (draws, labels) = (new RandomStream(8, 2), Enumerable.Range(0, n).Select(i => i % 3).ToArray());
        double[] rows = [.. labels.SelectMany(label => new[] { (2 * Math.Cos(2 * Math.PI * label / 3)) + draws.Normal(), (2 * Math.Sin(2 * Math.PI * label / 3)) + draws.Normal() })];
        return (new Matrix(n, 2, rows), labels, weighted ? [.. Enumerable.Range(0, n).Select(_ => draws.Unit())] : null);
    }

    private static double[,] PlainFit(Matrix x, int[] labels, int classes, SoftmaxRegressionOptions options, double[] weights)
    {
        var (n, d, total) = (x.Rows, x.Columns, weights.Sum());
        double At(int i, int j) => j == d ? 1 : x[i, j];
        var v = Enumerable.Repeat(1.0, d + 1).ToArray();
        var largest = 0.0;
        for (var power = 0; power < options.PowerIterations; power++)
        {
            var length = Math.Sqrt(v.Sum(e => e * e));
            v = [.. v.Select(e => e / length)];
            var xv = Enumerable.Range(0, n).Select(i => v.Select((e, j) => e * At(i, j)).Sum()).ToArray();
            v = [.. Enumerable.Range(0, d + 1).Select(j => Enumerable.Range(0, n).Sum(i => weights[i] * At(i, j) * xv[i]) / total)];
            largest = Math.Sqrt(v.Sum(e => e * e));
        }

        var step = 1 / ((0.5 * largest * 1.01) + options.L2);
        var (w, y, t) = (new double[classes, d + 1], new double[classes, d + 1], 1.0);
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            var gradient = new double[classes, d + 1];
            for (var i = 0; i < n; i++)
            {
                var e = Enumerable.Range(0, classes).Select(k => Math.Exp(Enumerable.Range(0, d + 1).Sum(j => y[k, j] * At(i, j)))).ToArray();
                for (var k = 0; k < classes; k++)
                    for (var j = 0; j <= d; j++) gradient[k, j] += weights[i] / total * ((e[k] / e.Sum()) - (labels[i] == k ? 1 : 0)) * At(i, j);
            }

            var next = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            for (var k = 0; k < classes; k++)
                for (var j = 0; j <= d; j++)
                {
                    var stepped = y[k, j] - (step * (gradient[k, j] + (j < d ? options.L2 * y[k, j] : 0)));
                    (y[k, j], w[k, j]) = (stepped + ((t - 1) / next * (stepped - w[k, j])), stepped);
                }

            t = next;
        }

        return w;
    }
}

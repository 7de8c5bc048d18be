using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// Every width, label noise and method of a protocol on one seed's draw of training rows, labels and features. Features, Gram matrices and
/// factors do not depend on the labels, so all noise levels are solved at once: outputs are columns [noise level × class].
/// </summary>
public sealed class SeedRun
{
    public const int SplitStream = 1, NoiseStream = 2, FeatureStream = 3;
    public const string KernelMethod = "kernel";
    private const double Interpolates = 1e-10;

    private readonly Protocol _protocol;
    private readonly int _classes;
    private readonly Matrix _train, _test, _targets, _kernel;
    private readonly int[] _testLabels;
    private readonly FeatureMap _map;

    /// <param name="rows">All rows [count × inputs], scaled as the protocol says.</param>
    public SeedRun(Protocol protocol, Matrix rows, IReadOnlyList<int> labels, int classes, long seed)
    {
        (_protocol, _classes) = (protocol, classes);
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        new RandomStream(seed, SplitStream).Shuffle<int>(order);
        var (train, test) = (order[..protocol.Samples], order[protocol.Samples..]);
        (_train, _test) = (Take(rows, train), Take(rows, test));
        if (protocol.Standardize) Standardize();
        _testLabels = [.. test.Select(i => labels[i])];
        _targets = OneHot([.. train.Select(i => labels[i])], new RandomStream(seed, NoiseStream));
        _map = FeatureMap.Draw(protocol.Features, protocol.Widths[^1], rows.Columns, protocol.Bandwidth, new RandomStream(seed, FeatureStream));
        (_kernel, Kernel) = KernelLimit();
    }

    /// <summary>The limit N → ∞: interpolation with the Gaussian kernel, one result a noise level.</summary>
    public IReadOnlyList<CellResult> Kernel { get; }

    /// <summary>One result for each width, method and noise level. A minimum-norm solution at N ≥ n that does not interpolate stops the run.</summary>
    public IEnumerable<CellResult> Run()
    {
        var (train, test) = (_map.Apply(_train), _map.Apply(_test));
        var (gram, covered) = (new Matrix(train.Columns, train.Columns), 0);
        var targets = new Matrix(train.Columns, _targets.Columns);
        _targets.Values.CopyTo(targets.Values, 0);
        foreach (var width in _protocol.Widths)
        {
            var (rows, scale) = (_map.Rows(width), _map.Scale(width));
            var block = Rows(train, covered, rows);
            Kernels.AddProduct<double>(block.Values, block.Values, gram.Values, gram.Rows, block.Rows, gram.Columns, transposeA: true);
            covered = rows;
            var features = Rows(train, 0, rows);
            // Rectified features may depend on one another, so that N ≥ n of them need not interpolate.
            var interpolates = _protocol.Features != FeatureKind.Relu && rows >= features.Columns;
            foreach (var method in _protocol.Methods)
            {
                var (weights, penalties) = method.Penalties.Count > 0 ? Ridge.Solve(features, gram, scale, targets, method.Penalties, _train.Rows, _classes)
                    : (MinimumNorm.Solve(features, gram, targets, method.Truncation), null);
                var (fitted, predicted) = (features.TransposeTimes(weights), Predict(test, weights));
                for (var level = 0; level < _protocol.Noise.Count; level++)
                {
                    var result = Score(method.Name, level, width, penalties?[level], fitted, predicted, Math.Sqrt(SquaredNorm(weights, level) / scale));
                    if (penalties is null && method.Truncation == 0 && interpolates && !(result.TrainLoss < Interpolates))
                        throw SelfChecks.Failed($"{width} features on {_protocol.Samples} rows do not interpolate", $"a training loss below {Interpolates}", $"{result.TrainLoss:g3}");
                    yield return result;
                }
            }
        }
    }

    /// <summary>The first rows of the features, as many as there are weights, times the weights; nothing is copied.</summary>
    private static Matrix Predict(Matrix features, Matrix weights)
    {
        var predicted = new Matrix(features.Columns, weights.Columns);
        Kernels.AddProduct<double>(features.Values.AsSpan(0, weights.Rows * features.Columns), weights.Values, predicted.Values, features.Columns, weights.Rows, weights.Columns, transposeA: true);
        return predicted;
    }

    private (Matrix Predicted, IReadOnlyList<CellResult> Results) KernelLimit()
    {
        var gram = Gaussian(_train);
        var factor = Cholesky.Factor(gram) ?? throw new UserError("the kernel matrix is singular: two training rows are equal, or the bandwidth is far too large", field: "bandwidths", fix: "Remove duplicate rows, or narrow the kernel");
        var alpha = factor.Solve(_targets);
        var (fitted, predicted) = (gram.Times(alpha), Gaussian(_test).Times(alpha));
        return (predicted, [.. Enumerable.Range(0, _protocol.Noise.Count).Select(level =>
        {
            var squared = Enumerable.Range(0, alpha.Rows).Sum(i => Kernels.Dot<double>(Level(alpha, i, level), Level(fitted, i, level)));
            return Score(KernelMethod, level, null, null, fitted, predicted, Math.Sqrt(squared), predicted);
        })]);
    }

    private CellResult Score(string method, int level, int? width, double? penalty, Matrix fitted, Matrix predicted, double norm, Matrix? kernel = null)
    {
        var (train, loss, distance, wrong) = (0.0, 0.0, 0.0, 0);
        for (var i = 0; i < _targets.Rows; i++) train += SquaredDistance(Level(fitted, i, level), Level(_targets, i, level));
        for (var i = 0; i < _testLabels.Length; i++)
        {
            var outputs = Level(predicted, i, level);
            distance += SquaredDistance(outputs, Level(kernel ?? _kernel, i, level));
            var best = 0;
            for (var k = 0; k < _classes; k++)
            {
                var error = outputs[k] - (k == _testLabels[i] ? 1 : 0);
                loss += error * error;
                if (outputs[k] > outputs[best]) best = k;
            }

            wrong += best == _testLabels[i] ? 0 : 1;
        }

        var n = (double)_testLabels.Length;
        return new CellResult(method, _protocol.Noise[level], width, penalty, train / _targets.Rows, loss / n, wrong / n, norm, Math.Sqrt(distance / (n * _classes)));
    }

    /// <summary>One-hot labels for each noise level. A row's draw is the same at every level, so that a higher level keeps a lower one's errors.</summary>
    private Matrix OneHot(int[] labels, RandomStream stream)
    {
        var targets = new Matrix(labels.Length, _protocol.Noise.Count * _classes);
        for (var i = 0; i < labels.Length; i++)
        {
            var (chance, other) = (stream.Unit(), stream.Below(_classes - 1));
            for (var level = 0; level < _protocol.Noise.Count; level++)
                targets[i, (level * _classes) + (chance >= _protocol.Noise[level] ? labels[i] : other < labels[i] ? other : other + 1)] = 1;
        }

        return targets;
    }

    /// <summary>exp(−‖x − x′‖² / 2σ²) of rows against training rows.</summary>
    private Matrix Gaussian(Matrix rows)
    {
        var kernel = new Matrix(rows.Rows, _train.Rows);
        for (var i = 0; i < rows.Rows; i++)
            for (var j = 0; j < _train.Rows; j++)
                kernel[i, j] = Math.Exp(-SquaredDistance(rows.Row(i), _train.Row(j)) / (2 * _protocol.Bandwidth * _protocol.Bandwidth));
        return kernel;
    }

    private void Standardize()
    {
        for (var k = 0; k < _train.Columns; k++)
        {
            var column = Enumerable.Range(0, _train.Rows).Select(i => _train[i, k]).ToArray();
            var (mean, deviation) = (Statistics.Mean(column), Statistics.StandardDeviation(column));
            foreach (var part in new[] { _train, _test })
                for (var i = 0; i < part.Rows; i++) part[i, k] = deviation > 0 ? (part[i, k] - mean) / deviation : 0;
        }
    }

    private Span<double> Level(Matrix outputs, int row, int level) => outputs.Row(row).Slice(level * _classes, _classes);

    private double SquaredNorm(Matrix weights, int level)
    {
        var sum = 0.0;
        for (var j = 0; j < weights.Rows; j++) sum += Kernels.Dot<double>(Level(weights, j, level), Level(weights, j, level));
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
        return sum;
    }

    private static Matrix Take(Matrix rows, int[] indices) => new(indices.Length, rows.Columns, [.. indices.SelectMany(i => rows.Row(i).ToArray())]);

    private static Matrix Rows(Matrix matrix, int from, int to) => new(to - from, matrix.Columns, matrix.Values[(from * matrix.Columns)..(to * matrix.Columns)]);
}

using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// A = Q·R of a tall A [m × n], m ≥ n, by Householder reflections (Golub and Van Loan, Matrix Computations, §5.2). Near the interpolation
/// threshold it keeps digits that the Gram matrix loses by squaring the condition number.
/// </summary>
public sealed class HouseholderQr
{
    // Column-major: row j of these holds column j of A, its reflector from j on and R above.
    private readonly Matrix _columns;
    private readonly double[] _diagonal, _beta;

    private HouseholderQr(Matrix columns, double[] diagonal, double[] beta) => (_columns, _diagonal, _beta) = (columns, diagonal, beta);

    /// <param name="transposed">Aᵀ [n × m], whose rows are the columns of A; it is not changed.</param>
    public static HouseholderQr Factor(Matrix transposed)
    {
        var (n, m) = (transposed.Rows, transposed.Columns);
        if (m < n) throw new ArgumentException($"{m} rows and {n} columns: a tall matrix is needed", nameof(transposed));
        var columns = new Matrix(n, m, [.. transposed.Values]);
        var (diagonal, beta) = (new double[n], new double[n]);
        for (var j = 0; j < n; j++)
        {
            var v = columns.Row(j)[j..];
            var norm = Math.Sqrt(Kernels.Dot<double>(v, v));
            diagonal[j] = v[0] > 0 ? -norm : norm;
            v[0] -= diagonal[j];
            beta[j] = norm == 0 ? 0 : -1 / (diagonal[j] * v[0]);
            for (var k = j + 1; k < n; k++) Reflect(columns.Row(k)[j..], v, beta[j]);
        }

        return new HouseholderQr(columns, diagonal, beta);
    }

    /// <summary>The smallest diagonal entry of R as a share of the largest: near rounding, the columns depend on one another.</summary>
    public double PivotRatio => _diagonal.Min(Math.Abs) / _diagonal.Max(Math.Abs);

    /// <summary>argmin ‖A·x − b‖ for each row b of <paramref name="b"/> [k × m]; gives [k × n].</summary>
    public Matrix LeastSquares(Matrix b)
    {
        var n = _diagonal.Length;
        var x = new Matrix(b.Rows, n);
        for (var r = 0; r < b.Rows; r++)
        {
            double[] y = [.. b.Row(r)];
            for (var j = 0; j < n; j++) Reflect(y.AsSpan(j), _columns.Row(j)[j..], _beta[j]);
            for (var j = n - 1; j >= 0; j--)
            {
                x[r, j] = y[j] / _diagonal[j];
                Cholesky.Subtract(y.AsSpan(0, j), x[r, j], _columns.Row(j)[..j]);
            }
        }

        return x;
    }

    /// <summary>The x of least norm with Aᵀ·x = b, for each row b of <paramref name="b"/> [k × n]; gives [k × m].</summary>
    public Matrix MinimumNorm(Matrix b)
    {
        var (n, m) = (_diagonal.Length, _columns.Columns);
        var x = new Matrix(b.Rows, m);
        for (var r = 0; r < b.Rows; r++)
        {
            var y = x.Row(r);
            for (var j = 0; j < n; j++) y[j] = (b[r, j] - Kernels.Dot<double>(_columns.Row(j)[..j], y[..j])) / _diagonal[j];
            for (var j = n - 1; j >= 0; j--) Reflect(y[j..], _columns.Row(j)[j..], _beta[j]);
        }

        return x;
    }

    /// <summary>x ← (I − β·v·vᵀ)·x.</summary>
    private static void Reflect(Span<double> x, ReadOnlySpan<double> v, double beta) => Cholesky.Subtract(x, beta * Kernels.Dot<double>(v, x), v);
}

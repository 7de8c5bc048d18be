using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// The factor L of a symmetric positive definite A = L·Lᵀ, left-looking, four rows at a time. Sums run over fixed lanes in a fixed order
/// without FMA, so that the bits do not depend on the machine's vector width.
/// </summary>
public sealed class Cholesky
{
    private const int Tile = 4;
    private readonly Matrix _l;

    private Cholesky(Matrix l) => _l = l;

    /// <summary>Factors A + λ·I, reading the lower triangle of <paramref name="a"/>; null when a pivot is not positive.</summary>
    public static Cholesky? Factor(Matrix a, double lambda = 0)
    {
        var n = a.Rows;
        var l = new Matrix(n, n);
        for (var i = 0; i < n; i++) a.Row(i)[..(i + 1)].CopyTo(l.Row(i));
        Span<double> sums = stackalloc double[Tile];
        for (var j = 0; j < n; j++)
        {
            var row = l.Row(j)[..j];
            var pivot = l[j, j] + lambda - Kernels.Dot<double>(row, row);
            if (!(pivot > 0)) return null;
            var diagonal = l[j, j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < n; i += Tile)
            {
                var rows = Math.Min(Tile, n - i);
                Dots(l, i, rows, j, row, sums);
                for (var r = 0; r < rows; r++) l[i + r, j] = (l[i + r, j] - sums[r]) / diagonal;
            }
        }

        return new Cholesky(l);
    }

    /// <summary>The smallest pivot as a share of the largest: about the inverse of A's condition number.</summary>
    public double PivotRatio
    {
        get
        {
            var diagonal = Enumerable.Range(0, _l.Rows).Select(i => _l[i, i]).ToArray();
            return Math.Pow(diagonal.Min() / diagonal.Max(), 2);
        }
    }

    /// <summary>A⁻¹·B for B [n × m].</summary>
    public Matrix Solve(Matrix b)
    {
        var x = new Matrix(b.Rows, b.Columns, [.. b.Values]);
        for (var i = 0; i < x.Rows; i++)
        {
            for (var k = 0; k < i; k++) Subtract(x.Row(i), _l[i, k], x.Row(k));
            Divide(x.Row(i), _l[i, i]);
        }

        for (var i = x.Rows - 1; i >= 0; i--)
        {
            Divide(x.Row(i), _l[i, i]);
            for (var k = 0; k < i; k++) Subtract(x.Row(k), _l[i, k], x.Row(i));
        }

        return x;
    }

    /// <summary>The diagonal of A⁻¹: [A⁻¹]ᵢᵢ = Σₖ (L⁻¹)ₖᵢ².</summary>
    public double[] InverseDiagonal()
    {
        var n = _l.Rows;
        var (inverse, diagonal) = (new Matrix(n, n), new double[n]);
        for (var i = 0; i < n; i++)
        {
            var row = inverse.Row(i);
            row[i] = 1;
            for (var k = 0; k < i; k++) Subtract(row[..(k + 1)], _l[i, k], inverse.Row(k)[..(k + 1)]);
            Divide(row[..(i + 1)], _l[i, i]);
            for (var k = 0; k <= i; k++) diagonal[k] += row[k] * row[k];
        }

        return diagonal;
    }

    /// <summary>sums[r] = L[first + r, ..j] · row, four independent chains of additions.</summary>
    private static void Dots(Matrix l, int first, int rows, int j, ReadOnlySpan<double> row, Span<double> sums)
    {
        var last = first + rows - 1;
        var shared = Vectors(row);
        ReadOnlySpan<double> a0 = l.Row(first)[..j], a1 = l.Row(Math.Min(first + 1, last))[..j], a2 = l.Row(Math.Min(first + 2, last))[..j], a3 = l.Row(last)[..j];
        ReadOnlySpan<Vector256<double>> v0 = Vectors(a0), v1 = Vectors(a1), v2 = Vectors(a2), v3 = Vectors(a3);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var k = 0; k < shared.Length; k++)
        {
            var b = shared[k];
            s0 += v0[k] * b;
            s1 += v1[k] * b;
            s2 += v2[k] * b;
            s3 += v3[k] * b;
        }

        var rest = shared.Length * Vector256<double>.Count;
        (sums[0], sums[1], sums[2], sums[3]) = (End(s0, a0, row, rest), End(s1, a1, row, rest), End(s2, a2, row, rest), End(s3, a3, row, rest));
    }

    private static ReadOnlySpan<Vector256<double>> Vectors(ReadOnlySpan<double> x) => MemoryMarshal.Cast<double, Vector256<double>>(x);

    private static double End(Vector256<double> lanes, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int from)
    {
        var sum = lanes[0] + lanes[1] + lanes[2] + lanes[3];
        for (var k = from; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    /// <summary>x −= factor·y, element by element.</summary>
    internal static void Subtract(Span<double> x, double factor, ReadOnlySpan<double> y)
    {
        var to = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var from = Vectors(y);
        var factors = Vector256.Create(factor);
        for (var k = 0; k < to.Length; k++) to[k] -= factors * from[k];
        for (var k = to.Length * Vector256<double>.Count; k < x.Length; k++) x[k] -= factor * y[k];
    }

    private static void Divide(Span<double> x, double by)
    {
        foreach (ref var value in x) value /= by;
    }
}

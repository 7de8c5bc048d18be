using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Replication.Tests;

/// <summary>Matrices of standard normal entries, and the products that tests compare with, written as plain loops.</summary>
internal static class RandomMatrix
{
    public static Matrix Draw(int rows, int columns, int seed)
    {
        var (stream, matrix) = (new RandomStream(seed, 1), new Matrix(rows, columns));
        foreach (ref var value in matrix.Values.AsSpan()) value = stream.Normal();
        return matrix;
    }

    /// <summary>A seed and two sizes from 1 to 40.</summary>
    public static Arbitrary<(int Seed, int Rows, int Columns)> Shapes { get; } =
        (from seed in Gen.Choose(0, 100_000) from rows in Gen.Choose(1, 40) from columns in Gen.Choose(1, 40) select (seed, rows, columns)).ToArbitrary();

    public static Matrix Transpose(Matrix a)
    {
        var t = new Matrix(a.Columns, a.Rows);
        for (var i = 0; i < a.Rows; i++)
            for (var j = 0; j < a.Columns; j++) t[j, i] = a[i, j];
        return t;
    }

    /// <summary>The largest difference between two matrices, as a share of the second's largest entry.</summary>
    public static double Difference(Matrix a, Matrix b)
    {
        Assert.Equal((b.Rows, b.Columns), (a.Rows, a.Columns));
        return a.Values.Zip(b.Values, (x, y) => Math.Abs(x - y)).Max() / Math.Max(1e-300, b.Values.Max(Math.Abs));
    }
}

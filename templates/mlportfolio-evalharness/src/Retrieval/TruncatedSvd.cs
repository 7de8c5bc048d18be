using MathNet.Numerics.LinearAlgebra;
using PortfolioProject.Evidence;

namespace PortfolioProject.Retrieval;

/// <summary>A sparse matrix by columns: column j holds Values[p] at row Rows[p] for p in [Offsets[j], Offsets[j + 1]).</summary>
public sealed record SparseMatrix(int RowCount, int[] Offsets, int[] Rows, double[] Values)
{
    public int ColumnCount => Offsets.Length - 1;

    /// <summary>A·x</summary>
    public double[] Times(double[] x)
    {
        var y = new double[RowCount];
        for (var j = 0; j < x.Length; j++)
            for (var p = Offsets[j]; p < Offsets[j + 1]; p++) y[Rows[p]] += Values[p] * x[j];
        return y;
    }

    /// <summary>Aᵀ·y</summary>
    public double[] TransposeTimes(double[] y)
    {
        var x = new double[ColumnCount];
        for (var j = 0; j < x.Length; j++)
            for (var p = Offsets[j]; p < Offsets[j + 1]; p++) x[j] += Values[p] * y[Rows[p]];
        return x;
    }
}

/// <summary>
/// The leading singular values (descending, those under 1e-7 of the first dropped) and right singular vectors of A, by the randomized range
/// finder with power iterations (Halko, Martinsson, Tropp 2011, algorithms 4.4 and 5.1).
/// </summary>
public sealed record TruncatedSvd(double[] SingularValues, double[][] RightVectors)
{
    private const int Oversampling = 10, PowerIterations = 3;

    /// <summary>At most <paramref name="rank"/> triplets; sums run in a fixed order, so one stream gives the same bits on any number of threads.</summary>
    public static TruncatedSvd Of(SparseMatrix a, int rank, RandomStream random)
    {
        var width = Math.Min(rank + Oversampling, Math.Min(a.RowCount, a.ColumnCount));
        var probes = new double[width][];
        for (var i = 0; i < width; i++)
        {
            probes[i] = new double[a.ColumnCount];
            for (var j = 0; j < a.ColumnCount; j++) probes[i][j] = random.Normal();
        }
        var range = Orthonormal(Map(probes, a.Times));
        for (var i = 0; i < PowerIterations; i++) range = Orthonormal(Map(range, q => a.Times(a.TransposeTimes(q))));
        if (range.Length == 0) return new([], []);
        var projected = Map(range, a.TransposeTimes);
        // The rows of QᵀA are few and long: their Gram matrix gives the left vectors and the squared singular values.
        var gram = Matrix<double>.Build.Dense(range.Length, range.Length);
        for (var i = 0; i < range.Length; i++)
            for (var j = 0; j <= i; j++) gram[i, j] = gram[j, i] = Dot(projected[i], projected[j]);
        var eigen = gram.Evd(Symmetricity.Symmetric);
        var kept = Enumerable.Range(0, range.Length).Reverse().Take(rank)
            .Where(i => eigen.EigenValues[i].Real > 1e-14 * eigen.EigenValues[range.Length - 1].Real).ToArray();
        double[] values = [.. kept.Select(i => Math.Sqrt(eigen.EigenValues[i].Real))];
        var vectors = Map([.. kept.Select((i, at) => eigen.EigenVectors.Column(i).Divide(values[at]).ToArray())], weights =>
        {
            var v = new double[a.ColumnCount];
            for (var i = 0; i < weights.Length; i++) Add(v, weights[i], projected[i]);
            return v;
        });
        return new(values, vectors);
    }

    internal static double Dot(double[] x, double[] y)
    {
        double even = 0, odd = 0;
        var i = 0;
        for (; i + 1 < x.Length; i += 2) (even, odd) = (even + x[i] * y[i], odd + x[i + 1] * y[i + 1]);
        return i < x.Length ? even + odd + x[i] * y[i] : even + odd;
    }

    private static void Add(double[] x, double factor, double[] y)
    {
        for (var i = 0; i < x.Length; i++) x[i] += factor * y[i];
    }

    /// <summary>Columns are independent of each other, hence safe to compute at once.</summary>
    private static double[][] Map(double[][] columns, Func<double[], double[]> f)
    {
        var result = new double[columns.Length][];
        Parallel.For(0, columns.Length, i => result[i] = f(columns[i]));
        return result;
    }

    /// <summary>Modified Gram–Schmidt, twice; columns that depend on earlier ones are dropped.</summary>
    private static double[][] Orthonormal(double[][] columns)
    {
        var basis = new List<double[]>(columns.Length);
        foreach (var column in columns)
        {
            var before = Math.Sqrt(Dot(column, column));
            for (var pass = 0; pass < 2; pass++)
                foreach (var q in basis) Add(column, -Dot(q, column), q);
            var norm = Math.Sqrt(Dot(column, column));
            if (!(norm > 1e-10 * before)) continue;
            for (var i = 0; i < column.Length; i++) column[i] /= norm;
            basis.Add(column);
        }
        return [.. basis];
    }
}

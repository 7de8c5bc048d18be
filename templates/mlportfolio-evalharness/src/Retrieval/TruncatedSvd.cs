namespace PortfolioProject.Retrieval;

/// <summary>A sparse matrix: for each column, its rows and their values.</summary>
public sealed record SparseMatrix(int RowCount, (int Row, double Value)[][] Columns)
{
    /// <summary>A·x</summary>
    public double[] Times(double[] x)
    {
        var y = new double[RowCount];
        for (var j = 0; j < x.Length; j++)
            foreach (var (row, value) in Columns[j]) y[row] += value * x[j];
        return y;
    }

    /// <summary>Aᵀ·y</summary>
    public double[] TransposeTimes(double[] y)
    {
        var x = new double[Columns.Length];
        for (var j = 0; j < x.Length; j++)
            foreach (var (row, value) in Columns[j]) x[j] += value * y[row];
        return x;
    }
}

/// <summary>
/// The leading singular values (descending, those under 1e-7 of the first dropped) and right singular vectors of a matrix, by the randomized
/// range finder with power iterations (Halko, Martinsson, Tropp 2011, algorithms 4.4 and 5.1).
/// </summary>
public sealed record TruncatedSvd(double[] SingularValues, double[][] RightVectors)
{
    private const int Oversampling = 10, PowerIterations = 3;

    /// <summary>At most <paramref name="rank"/> of them. Every sum runs in a fixed order: a stream gives the same bits on any number of threads.</summary>
    public static TruncatedSvd Of(SparseMatrix a, int rank, RandomStream random)
    {
        var width = Math.Min(rank + Oversampling, Math.Min(a.RowCount, a.Columns.Length));
        var probes = Enumerable.Range(0, width).Select(_ => Array.ConvertAll(a.Columns, _ => random.Normal())).ToArray();
        var range = Orthonormal(Map(probes, a.Times));
        for (var i = 0; i < PowerIterations; i++) range = Orthonormal(Map(range, q => a.Times(a.TransposeTimes(q))));
        if (range.Length == 0) return new([], []);
        // The rows of QᵀA are few and long: their Gram matrix gives the rotation and the squared singular values.
        var rows = Map(range, a.TransposeTimes);
        var eigen = Matrix<double>.Build.DenseOfRows(Map(rows, x => Array.ConvertAll(rows, y => Dot(x, y)))).Evd(Symmetricity.Symmetric);
        var squares = eigen.EigenValues.Select(l => l.Real).ToArray();
        var kept = Enumerable.Range(0, range.Length).Reverse().Take(rank).Where(i => squares[i] > 1e-14 * squares[^1]).ToArray();
        return new(Array.ConvertAll(kept, i => Math.Sqrt(squares[i])), Map(kept, i =>
        {
            var v = new double[a.Columns.Length];
            for (var j = 0; j < rows.Length; j++) Add(v, eigen.EigenVectors[j, i] / Math.Sqrt(squares[i]), rows[j]);
            return v;
        }));
    }

    internal static double Dot(double[] x, double[] y)
    {
        double even = 0, odd = 0;
        for (var i = 1; i < x.Length; i += 2) (even, odd) = (even + x[i - 1] * y[i - 1], odd + x[i] * y[i]);
        return even + odd + (x.Length % 2 == 1 ? x[^1] * y[^1] : 0);
    }

    private static void Add(double[] x, double factor, double[] y)
    {
        for (var i = 0; i < x.Length; i++) x[i] += factor * y[i];
    }

    /// <summary>Results do not depend on each other, so computing them at once changes none.</summary>
    private static double[][] Map<T>(T[] items, Func<T, double[]> f) => [.. items.AsParallel().AsOrdered().Select(f)];

    /// <summary>Modified Gram–Schmidt, twice; columns that depend on earlier ones are dropped.</summary>
    private static double[][] Orthonormal(double[][] columns)
    {
        var basis = new List<double[]>(columns.Length);
        foreach (var column in columns)
        {
            var before = Math.Sqrt(Dot(column, column));
            foreach (var q in basis.Concat(basis)) Add(column, -Dot(q, column), q);
            var norm = Math.Sqrt(Dot(column, column));
            if (norm > 1e-10 * before) basis.Add(Array.ConvertAll(column, x => x / norm));
        }
        return [.. basis];
    }
}

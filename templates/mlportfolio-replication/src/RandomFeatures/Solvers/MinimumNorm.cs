using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// The least-squares weights of least norm. With F the transposed features [N × n] and G = FᵀF: Cholesky of FFᵀ well below N = n, of G well
/// above it; Householder QR of the features between them, and wherever the Gram matrix has lost more than half of the digits.
/// Features that depend on one another (rectified ones may) are solved by eigenvalues of G, those below 1e-12 of the largest left out.
/// </summary>
public static class MinimumNorm
{
    private const double QrBelow = 1.05, QrAbove = 0.95, WorstPivotRatio = 1e-11, Singular = 1e-13, SmallestShare = 1e-6;

    /// <param name="features">F [N × n].</param>
    /// <param name="gram">FᵀF [n × n].</param>
    /// <param name="targets">Y [n × outputs].</param>
    /// <returns>V [N × outputs], of least norm among those that minimise ‖FᵀV − Y‖.</returns>
    public static Matrix Solve(Matrix features, Matrix gram, Matrix targets, double truncation)
    {
        if (Alive(features) is var alive && alive.Length < features.Rows) return OnAlive(alive, features, targets, kept => Solve(kept, gram, targets, truncation));
        var ratio = features.Rows / (double)features.Columns;
        if (truncation > 0) return Truncated(features, gram, targets, truncation);
        Matrix Qr() => ByQr(features, targets) ?? Truncated(features, gram, targets, SmallestShare);
        if (ratio is >= QrAbove and <= QrBelow) return Qr();
        var factor = Cholesky.Factor(ratio < 1 ? features.TimesTranspose(features) : gram);
        if (factor is null || factor.PivotRatio < WorstPivotRatio) return Qr();
        return ratio < 1 ? factor.Solve(features.Times(targets)) : features.Times(factor.Solve(targets));
    }

    /// <summary>Features that are not zero on every row: the N that the threshold N = n counts.</summary>
    public static int[] Alive(Matrix features) => [.. Enumerable.Range(0, features.Rows).Where(j => features.Row(j).ContainsAnyExcept(0.0))];

    /// <summary>By Householder QR, at any width; null when the features depend on one another to rounding.</summary>
    public static Matrix? ByQr(Matrix features, Matrix targets)
    {
        var tall = features.Rows < features.Columns;
        var factor = HouseholderQr.Factor(tall ? features : Transpose(features));
        return factor.PivotRatio < Singular ? null : Transpose(tall ? factor.LeastSquares(Transpose(targets)) : factor.MinimumNorm(Transpose(targets)));
    }

    /// <summary>A feature that is zero on every row changes nothing but the rank; the least norm gives it the weight 0.</summary>
    private static Matrix OnAlive(int[] alive, Matrix features, Matrix targets, Func<Matrix, Matrix> solve)
    {
        var (kept, weights) = (new Matrix(alive.Length, features.Columns), new Matrix(features.Rows, targets.Columns));
        foreach (var (k, j) in alive.Index()) features.Row(j).CopyTo(kept.Row(k));
        var solved = solve(kept);
        foreach (var (k, j) in alive.Index()) solved.Row(k).CopyTo(weights.Row(j));
        return weights;
    }

    /// <summary>Drops directions of the Gram matrix whose singular value is below <paramref name="share"/> of the largest.</summary>
    private static Matrix Truncated(Matrix features, Matrix gram, Matrix targets, double share)
    {
        var n = gram.Rows;
        var evd = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, n, gram.Values).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        var values = evd.EigenValues.Select(v => v.Real).ToArray();
        var vectors = new Matrix(n, n, evd.EigenVectors.ToRowMajorArray());
        var coordinates = vectors.TransposeTimes(targets);
        var floor = share * share * values.Max();
        for (var i = 0; i < n; i++)
            foreach (ref var c in coordinates.Row(i)) c = values[i] > floor ? c / values[i] : 0;
        return features.Times(vectors.Times(coordinates));
    }

    private static Matrix Transpose(Matrix a)
    {
        var t = new Matrix(a.Columns, a.Rows);
        for (var i = 0; i < a.Rows; i++)
            for (var j = 0; j < a.Columns; j++) t[j, i] = a[i, j];
        return t;
    }
}

using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// Ridge regression in its dual form: minimises ‖FᵀV − Y‖² + λ·‖W‖² for weights W = V/√scale of scaled features. The penalty is the one
/// with the least squared leave-one-out error, in closed form αᵢ / [(K + λI)⁻¹]ᵢᵢ, for each group of outputs on its own.
/// </summary>
public static class Ridge
{
    /// <param name="features">F [N × n], unscaled.</param>
    /// <param name="gram">FᵀF [n × n], unscaled.</param>
    /// <param name="scale">Squared scale of one feature: K = scale·FᵀF.</param>
    /// <param name="targets">Y [n × outputs].</param>
    /// <param name="rows">How many of the n rows are left out in turn: all, or the real half of a complex system.</param>
    /// <param name="group">How many neighbouring outputs share a penalty.</param>
    /// <returns>V [N × outputs] and the penalty of each group.</returns>
    public static (Matrix Weights, double[] Lambdas) Solve(Matrix features, Matrix gram, double scale, Matrix targets, IReadOnlyList<double> lambdas, int rows, int group)
    {
        var groups = targets.Columns / group;
        var (best, chosen, dual) = (Enumerable.Repeat(double.PositiveInfinity, groups).ToArray(), new double[groups], new Matrix(targets.Rows, targets.Columns));
        foreach (var lambda in lambdas)
        {
            var factor = Cholesky.Factor(gram, lambda / scale) ?? throw new UserError($"K + {lambda}·I is not positive definite", fix: "A larger smallest penalty");
            var (alpha, diagonal) = (factor.Solve(targets), factor.InverseDiagonal());
            for (var g = 0; g < groups; g++)
            {
                var error = LeaveOneOut(alpha, diagonal, rows, g * group, group);
                if (!(error < best[g])) continue;
                (best[g], chosen[g]) = (error, lambda);
                for (var i = 0; i < dual.Rows; i++) alpha.Row(i).Slice(g * group, group).CopyTo(dual.Row(i)[(g * group)..]);
            }
        }

        return (features.Times(dual), chosen);
    }

    /// <summary>Σᵢ ‖αᵢ / [(K + λI)⁻¹]ᵢᵢ‖² over some outputs: the squared errors of n fits that each leave one row out.</summary>
    public static double LeaveOneOut(Matrix alpha, double[] inverseDiagonal, int rows, int output, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
            foreach (var a in alpha.Row(i).Slice(output, count)) sum += a * a / (inverseDiagonal[i] * inverseDiagonal[i]);
        return sum;
    }
}

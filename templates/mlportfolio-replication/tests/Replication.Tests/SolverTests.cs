using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Replication.Tests;

/// <summary>Properties of every solver on random problems; QR and Cholesky are two ways to one answer.</summary>
public sealed class SolverTests
{
    [Fact]
    public void Cholesky_solves_what_it_factored() => Prop.ForAll(RandomMatrix.Shapes, shape =>
    {
        var (a, b) = (Definite(shape.Rows, shape.Seed), RandomMatrix.Draw(shape.Rows, 3, shape.Seed + 1));
        Assert.InRange(RandomMatrix.Difference(a.Times(Cholesky.Factor(a)!.Solve(b)), b), 0, 1e-9);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_diagonal_of_the_inverse_is_that_of_solving_for_the_unit_matrix() => Prop.ForAll(RandomMatrix.Shapes, shape =>
    {
        var unit = new Matrix(shape.Rows, shape.Rows);
        for (var i = 0; i < shape.Rows; i++) unit[i, i] = 1;
        var factor = Cholesky.Factor(Definite(shape.Rows, shape.Seed), 0.25)!;
        var solved = factor.Solve(unit);
        Assert.All(factor.InverseDiagonal().Index(), d => Assert.Equal(solved[d.Index, d.Index], d.Item, 1e-9 * Math.Abs(d.Item)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cholesky_refuses_what_is_not_definite()
    {
        Assert.Null(Cholesky.Factor(new Matrix(2, 2, [1, 2, 2, 1])));
        Assert.NotNull(Cholesky.Factor(new Matrix(2, 2, [1, 2, 2, 1]), 1.5));
        Assert.Null(Cholesky.Factor(new Matrix(1, 1, [double.NaN])));
    }

    [Fact]
    public void Least_squares_leaves_a_residual_orthogonal_to_every_column() => Prop.ForAll(RandomMatrix.Shapes, shape =>
    {
        var (n, m) = (Math.Min(shape.Rows, shape.Columns), Math.Max(shape.Rows, shape.Columns));
        var (transposed, b) = (RandomMatrix.Draw(n, m, shape.Seed), RandomMatrix.Draw(2, m, shape.Seed + 1));
        var x = HouseholderQr.Factor(transposed).LeastSquares(b);
        var fitted = x.Times(transposed);
        for (var i = 0; i < fitted.Values.Length; i++) fitted.Values[i] -= b.Values[i];
        Assert.InRange(fitted.TimesTranspose(transposed).Values.Max(Math.Abs), 0, 1e-8 * (1 + x.Values.Max(Math.Abs)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_minimum_norm_solution_solves_and_lies_in_the_span_of_the_rows() => Prop.ForAll(RandomMatrix.Shapes, shape =>
    {
        var (n, m) = (Math.Min(shape.Rows, shape.Columns), 2 * Math.Max(shape.Rows, shape.Columns));
        var (features, targets) = (RandomMatrix.Draw(m, n, shape.Seed), RandomMatrix.Draw(n, 2, shape.Seed + 1));
        var gram = features.TransposeTimes(features);
        foreach (var weights in new[] { MinimumNorm.Solve(features, gram, targets, 0), MinimumNorm.ByQr(features, targets)! })
        {
            Assert.InRange(RandomMatrix.Difference(features.TransposeTimes(weights), targets), 0, 1e-7);
            Assert.InRange(RandomMatrix.Difference(features.Times(Cholesky.Factor(gram)!.Solve(features.TransposeTimes(weights))), weights), 0, 1e-6);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_other_interpolant_has_a_smaller_norm()
    {
        var (features, targets, nudge) = (RandomMatrix.Draw(30, 8, 1), RandomMatrix.Draw(8, 1, 2), RandomMatrix.Draw(30, 1, 3));
        var gram = features.TransposeTimes(features);
        var weights = MinimumNorm.Solve(features, gram, targets, 0);
        var inside = features.Times(Cholesky.Factor(gram)!.Solve(features.TransposeTimes(nudge)));
        var other = new Matrix(30, 1, [.. weights.Values.Select((w, i) => w + nudge.Values[i] - inside.Values[i])]);
        Assert.InRange(RandomMatrix.Difference(features.TransposeTimes(other), targets), 0, 1e-10);
        Assert.True(other.Values.Sum(v => v * v) > weights.Values.Sum(v => v * v) + 1);
    }

    [Fact]
    public void A_feature_that_is_zero_everywhere_gets_the_weight_zero()
    {
        var (features, targets) = (RandomMatrix.Draw(5, 20, 1), RandomMatrix.Draw(20, 2, 2));
        features.Row(3).Clear();
        var weights = MinimumNorm.Solve(features, features.TransposeTimes(features), targets, 0);
        Assert.All(weights.Row(3).ToArray(), w => Assert.Equal(0, w));
        Assert.True(weights.Values.All(double.IsFinite));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    [InlineData(30)]
    public void Features_that_depend_on_one_another_still_get_the_least_norm(int count)
    {
        var (features, targets) = (RandomMatrix.Draw(count, 20, 1), RandomMatrix.Draw(20, 2, 2));
        for (var j = 5; j < count; j++) features.Row(4).CopyTo(features.Row(j));
        var weights = MinimumNorm.Solve(features, features.TransposeTimes(features), targets, 0);
        var five = new Matrix(5, 20, features.Values[..100]);
        var fitted = MinimumNorm.Solve(five, five.TransposeTimes(five), targets, 0);
        Assert.InRange(RandomMatrix.Difference(features.TransposeTimes(weights), five.TransposeTimes(fitted)), 0, 1e-6);
        Assert.All(Enumerable.Range(5, count - 5), j => Assert.Equal(weights[4, 0], weights[j, 0], 1e-8));
    }

    [Fact]
    public void Near_the_threshold_QR_keeps_digits_that_the_Gram_matrix_loses()
    {
        var (features, truth) = (RandomMatrix.Draw(20, 20, 4), RandomMatrix.Draw(20, 1, 5));
        for (var k = 0; k < 20; k++) features[19, k] = features[18, k] + (1e-6 * features[19, k]);
        var targets = features.TransposeTimes(truth);
        var gram = features.TransposeTimes(features);
        var (byQr, byGram) = (MinimumNorm.ByQr(features, targets)!, features.Times(Cholesky.Factor(gram)!.Solve(targets)));
        Assert.InRange(RandomMatrix.Difference(byQr, truth), 0, 1e-7);
        Assert.True(RandomMatrix.Difference(byGram, truth) > 100 * RandomMatrix.Difference(byQr, truth));
    }

    [Fact]
    public void Truncation_is_hidden_ridge_it_shortens_the_weights_and_lets_residuals_grow()
    {
        var (features, targets) = (RandomMatrix.Draw(20, 20, 6), RandomMatrix.Draw(20, 1, 7));
        var gram = features.TransposeTimes(features);
        var norms = new[] { 0, 0.01, 0.1, 0.4 }.Select(t => MinimumNorm.Solve(features, gram, targets, t)).Select(w => (Norm: w.Values.Sum(v => v * v),
            Residual: features.TransposeTimes(w).Values.Zip(targets.Values, (a, b) => (a - b) * (a - b)).Sum())).ToList();
        Assert.All(norms.Zip(norms.Skip(1)), pair => Assert.True(pair.Second.Norm <= pair.First.Norm * (1 + 1e-12) && pair.Second.Residual >= pair.First.Residual - 1e-9));
        Assert.True(norms[3].Norm < 0.5 * norms[0].Norm);
    }

    [Fact]
    public void Ridge_in_dual_form_is_ridge_in_primal_form() => Prop.ForAll(RandomMatrix.Shapes, shape =>
    {
        const double Lambda = 0.3, Scale = 0.1;
        var (features, targets) = (RandomMatrix.Draw(shape.Rows, shape.Columns, shape.Seed), RandomMatrix.Draw(shape.Columns, 2, shape.Seed + 1));
        var (weights, chosen) = Ridge.Solve(features, features.TransposeTimes(features), Scale, targets, [Lambda], shape.Columns, 1);
        var primal = Cholesky.Factor(features.TimesTranspose(features), Lambda / Scale)!.Solve(features.Times(targets));
        Assert.Equal([Lambda, Lambda], chosen);
        Assert.InRange(RandomMatrix.Difference(weights, primal), 0, 1e-7);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ridge_takes_the_penalty_of_least_leave_one_out_error_for_each_group_of_outputs()
    {
        var (features, weights) = (RandomMatrix.Draw(4, 60, 8), RandomMatrix.Draw(4, 1, 9));
        var signal = features.TransposeTimes(weights);
        var targets = new Matrix(60, 2);
        var noise = new RandomStream(1, 2);
        for (var i = 0; i < 60; i++) (targets[i, 0], targets[i, 1]) = (signal[i, 0], noise.Normal());
        var (_, chosen) = Ridge.Solve(features, features.TransposeTimes(features), 1, targets, [1e-6, 1, 1e4], 60, 1);
        Assert.Equal([1e-6, 1e4], chosen);
    }

    [Fact]
    public void The_self_checks_of_a_run_pass() => SelfChecks.Run();

    private static Matrix Definite(int n, int seed)
    {
        var draws = RandomMatrix.Draw(n, n + 5, seed);
        return draws.TimesTranspose(draws);
    }
}

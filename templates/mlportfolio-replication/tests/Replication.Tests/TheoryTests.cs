namespace PortfolioProject.Replication.Tests;

/// <summary>The exact claims, to the digits that are printed.</summary>
public sealed class TheoryTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    public void The_best_penalty_of_isotropic_regression_is_five_at_every_number_of_rows(int n) =>
        Assert.All(Enumerable.Range(0, 3), seed => Assert.Equal(5.0, IsotropicRegression.BestPenalty(n, seed), 5));

    [Theory]
    [InlineData(10, 0.7778)]
    [InlineData(15, 1.1875)]
    [InlineData(25, 1.25)]
    [InlineData(30, 0.5556)]
    [InlineData(40, 0.2632)]
    public void The_minimum_norm_risk_is_its_closed_form_and_the_solver_finds_it(int n, double printed)
    {
        Assert.Equal(printed, Math.Round(IsotropicRegression.ClosedForm(n), 4));
        Assert.Equal(IsotropicRegression.ClosedForm(n), Enumerable.Range(0, 6).Average(seed => IsotropicRegression.Simulate(n, seed)), 0.05 * printed);
    }

    [Fact]
    public void The_counterexample_has_the_printed_penalties_and_risks()
    {
        var (one, two) = (Counterexample.Best(1), Counterexample.Best(2));
        Assert.Equal(400.0 / 2401, one.Penalty, 9);
        Assert.Equal(8.15675, Math.Round(one.Risk, 5));
        Assert.Equal(0.642525, Math.Round(two.Penalty, 6));
        Assert.Equal(8.17907, Math.Round(two.Risk, 5));
        Assert.True(two.Risk > one.Risk);
    }

    [Fact]
    public void The_risk_of_one_row_is_that_of_the_ridge_estimate_written_out()
    {
        const double Lambda = 0.7;
        var (b1, b2) = (1 / 1.7, 20 / 1.7);
        var seen = (0.98 * (b1 - 1) * (b1 - 1)) + (0.02 * 400);
        var unseen = 0.98 + (0.02 * ((b2 * b2) + 400));
        Assert.Equal((0.98 * seen) + (0.02 * unseen), Counterexample.Expected(1, Lambda).Risk, 1e-12);
    }

    [Fact]
    public void The_slope_is_the_derivative_of_the_risk() => Assert.All([0.1, 0.6, 3], lambda =>
        Assert.Equal((Counterexample.Expected(2, lambda + 1e-6).Risk - Counterexample.Expected(2, lambda - 1e-6).Risk) / 2e-6, Counterexample.Expected(2, lambda).Slope, 1e-6));

    [Fact]
    public void The_search_finds_the_bottom_of_a_parabola() => Assert.Equal(0.3, IsotropicRegression.GoldenSection(x => (x - 0.3) * (x - 0.3), -2, 5), 1e-7);
}

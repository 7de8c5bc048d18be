using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>What must hold before any number is believed: part of every run, on random problems of fixed seeds. A failure stops the run with exit code 1.</summary>
public static class SelfChecks
{
    private const int Rows = 40, Outputs = 3;

    public static void Run()
    {
        foreach (var kind in new[] { FeatureKind.Cosine, FeatureKind.Paired, FeatureKind.Complex })
            foreach (var width in new[] { 20, 80 }) SolversAgree(kind, width);
        Solves(Rows);
        LeaveOneOutIsExact(0.01);
        FeaturesApproachTheKernel(4000);
    }

    internal static UserError Failed(string what, string expected, string got) => new("self-check failed: " + what, expected: expected, got: got, fix: "Do not use this run: a kernel or a solver is wrong") { Code = ExitCode.Regression };

    /// <summary>Off the threshold, Cholesky and Householder QR give the same weights.</summary>
    private static void SolversAgree(FeatureKind kind, int width)
    {
        var (features, targets) = Problem(kind, width);
        var (a, b) = (MinimumNorm.Solve(features, features.TransposeTimes(features), targets, 0), MinimumNorm.ByQr(features, targets)!);
        Require($"Cholesky and QR agree, {kind}, N/n = {width / (double)Rows}", Distance(a, b), 1e-7);
    }

    /// <summary>At the threshold, QR leaves no residual.</summary>
    private static void Solves(int width)
    {
        var (features, targets) = Problem(FeatureKind.Cosine, width);
        Require("QR solves the square system", Distance(features.TransposeTimes(MinimumNorm.ByQr(features, targets)!), targets), 1e-8);
    }

    /// <summary>The closed form equals n fits that each leave one row out.</summary>
    private static void LeaveOneOutIsExact(double lambda)
    {
        var (features, targets) = Problem(FeatureKind.Cosine, 60);
        var kernel = features.TransposeTimes(features);
        var factor = Cholesky.Factor(kernel, lambda)!;
        var closed = Ridge.LeaveOneOut(factor.Solve(targets), factor.InverseDiagonal(), Rows, 0, Outputs);
        var refitted = 0.0;
        for (var left = 0; left < Rows; left++)
        {
            int[] kept = [.. Enumerable.Range(0, Rows).Where(i => i != left)];
            var (part, labels) = (new Matrix(Rows - 1, Rows - 1), new Matrix(Rows - 1, Outputs));
            for (var i = 0; i < kept.Length; i++)
            {
                for (var j = 0; j < kept.Length; j++) part[i, j] = kernel[kept[i], kept[j]];
                targets.Row(kept[i]).CopyTo(labels.Row(i));
            }

            var alpha = Cholesky.Factor(part, lambda)!.Solve(labels);
            for (var k = 0; k < Outputs; k++)
                refitted += Math.Pow(targets[left, k] - Enumerable.Range(0, kept.Length).Sum(i => kernel[left, kept[i]] * alpha[i, k]), 2);
        }

        Require("leave-one-out in closed form equals refitting", Math.Abs(closed - refitted) / refitted, 1e-8);
    }

    /// <summary>Products of scaled features differ from exp(−‖x − x′‖²/2σ²) by Monte Carlo error only: five of its standard errors.</summary>
    private static void FeaturesApproachTheKernel(int width)
    {
        foreach (var kind in new[] { FeatureKind.Cosine, FeatureKind.Paired, FeatureKind.Complex })
        {
            var (draws, x) = (new RandomStream(3, 1), new Matrix(2, 5));
            foreach (ref var value in x.Values.AsSpan()) value = draws.Unit();
            var map = FeatureMap.Draw(kind, width, 5, 1.5, draws);
            var features = map.Apply(x);
            var squared = Enumerable.Range(0, 5).Sum(k => Math.Pow(x[0, k] - x[1, k], 2));
            var product = map.Scale(width) * Enumerable.Range(0, features.Rows).Sum(j => features[j, 0] * features[j, 1]);
            Require($"{kind} features approach the Gaussian kernel", Math.Abs(product - Math.Exp(-squared / 4.5)), 5 / Math.Sqrt(width));
        }
    }

    private static (Matrix Features, Matrix Targets) Problem(FeatureKind kind, int width)
    {
        var (draws, x) = (new RandomStream(7, 1), new Matrix(Rows, 6));
        foreach (ref var value in x.Values.AsSpan()) value = 3 * draws.Unit();
        var features = FeatureMap.Draw(kind, width, 6, 1, draws).Apply(x);
        var targets = new Matrix(features.Columns, Outputs);
        foreach (ref var value in targets.Values.AsSpan()) value = draws.Normal();
        return (features, targets);
    }

    private static double Distance(Matrix a, Matrix b) => Math.Sqrt(a.Values.Zip(b.Values, (x, y) => (x - y) * (x - y)).Sum() / b.Values.Sum(y => y * y));

    private static void Require(string what, double error, double bound)
    {
        if (!(error <= bound)) throw Failed(what, FormattableString.Invariant($"an error of at most {bound:g3}"), FormattableString.Invariant($"{error:g3}"));
    }
}

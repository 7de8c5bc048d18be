using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// Linear regression with x ~ N(0, I) in d dimensions, y = ⟨x, β⟩ + N(0, σ²). Risk is E‖b − β‖², the excess over σ². The risk of a given
/// design is averaged over the direction of β, which the distribution of the design does not see.
/// </summary>
public static class IsotropicRegression
{
    public const int Dimension = 20, TheoryStream = 4;
    public const double Noise = 0.5, Signal = 1;
    private const int Draws = 500;

    /// <summary>E of the minimum-norm risk (inverse Wishart mean): ‖β‖²(1 − n/d) + σ²·n/(d − n − 1) for n &lt; d − 1, σ²·d/(n − d − 1) for n &gt; d + 1.</summary>
    public static double ClosedForm(int n) => n < Dimension - 1
        ? (Signal * (1 - (n / (double)Dimension))) + (Noise * Noise * n / (Dimension - n - 1)) : Noise * Noise * Dimension / (n - Dimension - 1);

    /// <summary>The same by our own solver: the mean over random designs X of ‖(I − X⁺X)β‖² + σ²‖X⁺‖².</summary>
    public static double Simulate(int n, long seed)
    {
        var (stream, sum) = (new RandomStream(seed, TheoryStream), 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var design = Design(n, stream);
            var targets = new Matrix(n, n + 1);
            for (var i = 0; i < n; i++) (targets[i, i], targets[i, n]) = (1, design[0, i]);
            var solved = MinimumNorm.Solve(design, design.TransposeTimes(design), targets, 0);
            for (var k = 0; k < Dimension; k++)
            {
                var bias = solved[k, n] - (k == 0 ? Signal : 0);
                sum += (bias * bias) + (Noise * Noise * Kernels.Dot<double>(solved.Row(k)[..n], solved.Row(k)[..n]));
            }
        }

        return sum / Draws;
    }

    /// <summary>The λ of least risk for a random design, by golden section over log λ: nothing of the answer is assumed.</summary>
    public static double BestPenalty(int n, long seed)
    {
        var design = Design(n, new RandomStream(seed, TheoryStream));
        var gram = design.TimesTranspose(design);
        var spectrum = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Dimension, Dimension, gram.Values).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric)
            .EigenValues.Select(v => Math.Max(0, v.Real)).ToArray();
        return Math.Exp(GoldenSection(t => RiskOf(spectrum, Math.Exp(t)), Math.Log(1e-3), Math.Log(1e3)));
    }

    /// <summary>Σ over eigenvalues γ of XᵀX of (λ²·‖β‖²/d + σ²·γ) / (γ + λ)².</summary>
    internal static double RiskOf(IEnumerable<double> spectrum, double lambda) =>
        spectrum.Sum(g => ((lambda * lambda * Signal / Dimension) + (Noise * Noise * g)) / ((g + lambda) * (g + lambda)));

    /// <summary>Where a function of one minimum is least.</summary>
    internal static double GoldenSection(Func<double, double> f, double low, double high)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-9)
        {
            var (a, b) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            if (f(a) <= f(b)) high = b;
            else low = a;
        }

        return (low + high) / 2;
    }

    /// <summary>Xᵀ [d × n], standard normal.</summary>
    private static Matrix Design(int n, RandomStream stream)
    {
        var design = new Matrix(Dimension, n);
        foreach (ref var value in design.Values.AsSpan()) value = stream.Normal();
        return design;
    }
}

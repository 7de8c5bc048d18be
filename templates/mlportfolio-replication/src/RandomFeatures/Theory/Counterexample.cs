namespace PortfolioProject.RandomFeatures;

/// <summary>
/// Theorem 4 of Nakkiran et al. 2021: x = e₁, y = 1 with probability 0.98; x = e₂, y = ±20 with 0.01 each. Ridge minimises
/// Σ(y − ⟨x, b⟩)² + λ‖b‖²; its risk is 0.98(b₁ − 1)² + 0.02(b₂² + 400). All samples of n rows are enumerated, so nothing is random here.
/// </summary>
public static class Counterexample
{
    private const double First = 0.98, Each = 0.01, Size = 20;

    /// <summary>The λ of least expected risk, where the derivative changes sign, and that risk.</summary>
    public static (double Penalty, double Risk) Best(int n)
    {
        var (low, high) = (0.0, 1e3);
        while (high - low > 1e-13 * high)
        {
            var middle = (low + high) / 2;
            if (Expected(n, middle).Slope > 0) high = middle;
            else low = middle;
        }

        return ((low + high) / 2, Expected(n, (low + high) / 2).Risk);
    }

    /// <summary>The expected risk of n rows at λ, and its derivative in λ.</summary>
    internal static (double Risk, double Slope) Expected(int n, double lambda)
    {
        var (risk, slope) = (0.0, 0.0);
        for (var ones = 0; ones <= n; ones++)
            for (var plus = 0; plus <= n - ones; plus++)
            {
                var others = n - ones;
                var chance = Choose(n, ones) * Choose(others, plus) * Math.Pow(First, ones) * Math.Pow(Each, others);
                var (b1, b2) = (ones == 0 ? 0 : ones / (ones + lambda), others == 0 ? 0 : Size * ((2 * plus) - others) / (others + lambda));
                risk += chance * ((First * (b1 - 1) * (b1 - 1)) + (2 * Each * ((b2 * b2) + (Size * Size))));
                slope += chance * 2 * ((First * (b1 - 1) * (ones == 0 ? 0 : -b1 / (ones + lambda))) - (2 * Each * (others == 0 ? 0 : b2 * b2 / (others + lambda))));
            }

        return (risk, slope);
    }

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
}

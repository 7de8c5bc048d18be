namespace PortfolioProject.Metrics;

/// <summary>nDCG with gain 2^grade − 1 (Burges et al., ICML 2005): a measure of its own, for its values are not those of <see cref="Ndcg"/>.</summary>
public sealed record NdcgExponential(int Cutoff) : LinearMeasure(
    $"ndcg-exp@{Cutoff}", "Σ (2^grade_i − 1) / log2(i + 1) over ranks i ≤ k, divided by the same sum for the ideal order of all judged documents.",
    _ => Cutoff, r => Ndcg.Best(r, Cutoff, Exponential), Exponential, Ndcg.LogDiscount)
{
    private static double Exponential(int grade) => Math.Pow(2, grade) - 1;
}

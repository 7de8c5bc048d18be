namespace PortfolioProject.Metrics;

/// <summary>
/// Normalised discounted cumulative gain, linear gain (Järvelin and Kekäläinen, TOIS 2002; trec_eval's ndcg and ndcg_cut).
/// The ideal order is that of all judged documents, so what was not retrieved lowers it.
/// </summary>
public sealed record Ndcg(int? Cutoff) : LinearMeasure(
    Cutoff is { } k ? $"ndcg@{k}" : "ndcg", "Σ grade_i / log2(i + 1) over ranks i ≤ k, divided by the same sum for the ideal order of all judged documents. Linear gain.",
    _ => Cutoff ?? int.MaxValue, r => Best(r, Cutoff, g => g), g => g, LogDiscount)
{
    internal static double LogDiscount(int rank) => Math.Log2(rank + 1);

    internal static double Best(JudgedRanking ranking, int? cutoff, Func<int, double> gain) =>
        ranking.Ideal.Take(Math.Min(cutoff ?? int.MaxValue, ranking.Relevant)).Select((g, i) => gain(g) / LogDiscount(i + 1)).Sum();
}

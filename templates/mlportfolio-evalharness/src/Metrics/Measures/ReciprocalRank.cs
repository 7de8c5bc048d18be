namespace PortfolioProject.Metrics;

/// <summary>Reciprocal rank; its mean over queries is MRR (trec_eval's recip_rank, which has no cutoff).</summary>
public sealed record ReciprocalRank(int? Cutoff) : FirstHitMeasure(
    Cutoff is { } k ? $"mrr@{k}" : "mrr", "1 / rank of the first relevant document; 0 where none is among the first k.", rank => rank <= (Cutoff ?? int.MaxValue) ? 1.0 / rank : 0);

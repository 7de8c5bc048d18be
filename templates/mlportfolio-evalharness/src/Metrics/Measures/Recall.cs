namespace PortfolioProject.Metrics;

/// <summary>Recall at k (trec_eval's recall).</summary>
public sealed record Recall(int Cutoff) : LinearMeasure(
    $"recall@{Cutoff}", "Relevant documents among the first k, divided by R, all relevant documents; 0 where R = 0.", Depth: _ => Cutoff, Norm: r => r.Relevant);

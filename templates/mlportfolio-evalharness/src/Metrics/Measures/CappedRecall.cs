namespace PortfolioProject.Metrics;

/// <summary>Recall at k against the best that k allows, as BEIR reports for sets with many relevant documents a query.</summary>
public sealed record CappedRecall(int Cutoff) : LinearMeasure(
    $"recall-cap@{Cutoff}", "Relevant documents among the first k, divided by min(k, R); 0 where R = 0.", Depth: _ => Cutoff, Norm: r => Math.Min(Cutoff, r.Relevant));

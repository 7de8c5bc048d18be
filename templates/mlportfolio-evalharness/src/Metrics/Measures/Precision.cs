namespace PortfolioProject.Metrics;

/// <summary>Precision at k (trec_eval's P): divided by k even where fewer documents were retrieved.</summary>
public sealed record Precision(int Cutoff) : LinearMeasure(
    $"p@{Cutoff}", "Relevant documents among the first k, divided by k (always by k).", Depth: _ => Cutoff, Norm: _ => Cutoff);

namespace PortfolioProject.Metrics;

/// <summary>R-precision (trec_eval's Rprec): the point of the ranking where precision and recall are equal.</summary>
public sealed record RPrecision() : LinearMeasure(
    "rprec", "Relevant documents among the first R, divided by R, all relevant documents; 0 where R = 0.", Depth: r => r.Relevant, Norm: r => r.Relevant);

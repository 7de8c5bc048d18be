namespace PortfolioProject.Metrics;

/// <summary>Whether anything relevant is among the first k (trec_eval's success, often called hit rate).</summary>
public sealed record Success(int Cutoff) : FirstHitMeasure(
    $"success@{Cutoff}", "1 if a relevant document is among the first k, else 0.", rank => rank <= Cutoff ? 1 : 0);

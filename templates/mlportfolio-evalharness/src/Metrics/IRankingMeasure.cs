namespace PortfolioProject.Metrics;

/// <summary>One number about one query's ranking. The join has already decided ties and judgements: a measure sees only the order.</summary>
public interface IRankingMeasure
{
    /// <summary>The name it is asked for and printed by, such as <c>ndcg@10</c>.</summary>
    string Name { get; }

    /// <summary>What it measures, as a formula in words.</summary>
    string Definition { get; }

    /// <summary>Its value; where runs hold several documents, its exact mean over all their orders, each as likely as any other.</summary>
    double Score(JudgedRanking ranking);
}

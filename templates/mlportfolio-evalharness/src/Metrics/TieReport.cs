namespace PortfolioProject.Metrics;

/// <summary>The least, expected and greatest value over all orders of tied documents; the expectation is exact.</summary>
public sealed record TieRange(double Min, double Expected, double Max)
{
    internal static TieRange Of(JudgedRanking ranking, RankingMeasure measure) =>
        new(measure.Score(ranking.OrderTies(best: false)), measure.Score(ranking.ShareTies()), measure.Score(ranking.OrderTies(best: true)));
}

/// <summary>How much of a result is decided by how ties are broken.</summary>
/// <param name="Changeable">Queries where another order of ties would change at least one measure.</param>
/// <param name="Means">Measure → range of its mean over queries.</param>
public sealed record TieReport(int Changeable, IReadOnlyDictionary<string, TieRange> Means)
{
    internal static TieReport Over(IReadOnlyList<TieRange[]> queries, IReadOnlyList<RankingMeasure> measures) => new(
        queries.Count(q => q.Any(r => r.Min != r.Max)), new OrderedDictionary<string, TieRange>(measures.Select((m, i) => KeyValuePair.Create(
            m.Name, new TieRange(queries.Average(q => q[i].Min), queries.Average(q => q[i].Expected), queries.Average(q => q[i].Max))))));
}

namespace PortfolioProject.Retrieval;

/// <summary>
/// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): a chunk scores Σ 1/(k + rank) over the lists it is in, ranks from 1, each list
/// read to <c>listDepth</c> (or to the depth asked for, if that is more). Scores of the parts are not compared, only their ranks.
/// </summary>
public sealed class ReciprocalRankFusion(IReadOnlyList<Chunk> chunks, IReadOnlyList<IRetriever> retrievers, int k = 60, int listDepth = 100) : IRetriever
{
    private readonly ResultOrder _order = new(chunks);

    public long IndexBytes => retrievers.Sum(r => r.IndexBytes);

    public IReadOnlyList<Scored> Search(string query, int depth)
    {
        var votes = retrievers.SelectMany(r => r.Search(query, Math.Max(depth, listDepth)).Select((hit, i) => (hit.Index, Score: 1.0 / (k + i + 1))));
        return _order.Top(votes.GroupBy(v => v.Index, v => v.Score).Select(g => (g.Sum(), g.Key)), depth);
    }
}

namespace PortfolioProject.Evaluation;

/// <summary>
/// Retrievers that do not look at the question, for null systems: whatever they score is what a metric gives for nothing.
/// </summary>
internal sealed class BlindRetriever(IReadOnlyList<Chunk> chunks, RetrieverType type, long seed) : IRetriever
{
    private const int RandomChunkStream = 2;
    private readonly Scored[] _ranking = type switch
    {
        RetrieverType.Longest => Rank(chunks, c => c.Text.Length),
        RetrieverType.CorpusOrder => [.. chunks.Select((_, i) => new Scored(i, -i))],
        RetrieverType.None => [],
        _ => Rank(chunks, _ => 1),
    };

    public long IndexBytes => 0;

    public IReadOnlyList<Scored> Search(string query, int depth)
    {
        if (type != RetrieverType.Random) return _ranking.Length <= depth ? _ranking : _ranking[..depth];
        var digest = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(query)));
        var order = Enumerable.Range(0, chunks.Count).ToArray();
        new RandomStream(unchecked(seed + digest), RandomChunkStream).Shuffle(order.AsSpan());
        return [.. order.Take(depth).Select((c, rank) => new Scored(c, -rank))];
    }

    /// <summary>Ties by chunk id, descending, as everywhere.</summary>
    private static Scored[] Rank(IReadOnlyList<Chunk> chunks, Func<Chunk, double> score) =>
        [.. chunks.Select((c, i) => (Chunk: c, Scored: new Scored(i, score(c))))
            .OrderByDescending(x => x.Scored.Score).ThenByDescending(x => x.Chunk.Id, Utf8Order.Comparer).Select(x => x.Scored)];
}

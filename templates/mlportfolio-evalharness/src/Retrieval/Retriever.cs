namespace PortfolioProject.Retrieval;

/// <summary>A retrieved chunk: its index in the retriever's chunk list, and its score, greater being better.</summary>
public sealed record Scored(int Index, double Score);

/// <summary>
/// Ranks chunks for a query: score descending, ties by chunk id descending by UTF-8 bytes; at most <c>depth</c> of them, and none that has
/// nothing to do with the query. The same call gives the same bits, on any number of threads at once.
/// </summary>
public interface IRetriever
{
    /// <summary>Size of what a search reads: postings, vectors and vocabulary, without the chunks' own text.</summary>
    long IndexBytes { get; }

    IReadOnlyList<Scored> Search(string query, int depth);
}

/// <summary>A service that a retriever or reader asks gave no answer: the case at hand has failed, and the run goes on.</summary>
public abstract class ServiceException(string message) : Exception(message);

/// <summary>The one order of results, for every retriever.</summary>
internal sealed class ResultOrder(IReadOnlyList<Chunk> chunks) : IComparer<(double Score, int Index)>
{
    private readonly int[] _rank = RankById(chunks);

    /// <summary>Less than zero: a comes after b in the results.</summary>
    public int Compare((double Score, int Index) a, (double Score, int Index) b) =>
        a.Score.CompareTo(b.Score) is var order && order != 0 ? order : _rank[a.Index].CompareTo(_rank[b.Index]);

    /// <summary>The best <paramref name="depth"/> candidates of a score above 0, best first; the rest stay unsorted.</summary>
    public IReadOnlyList<Scored> Top(IEnumerable<(double Score, int Index)> candidates, int depth) =>
        [.. candidates.Where(c => c.Score > 0).OrderDescending(this).Take(depth).Select(c => new Scored(c.Index, c.Score))];

    /// <summary>Each chunk's place in ascending UTF-8 order of the ids; of equal ids the later one comes first.</summary>
    private static int[] RankById(IReadOnlyList<Chunk> chunks)
    {
        var ids = chunks.Select(c => Encoding.UTF8.GetBytes(c.Id)).ToArray();
        var rank = new int[ids.Length];
        var byId = Comparer<int>.Create((a, b) => ids[a].AsSpan().SequenceCompareTo(ids[b]));
        foreach (var (place, chunk) in Enumerable.Range(0, ids.Length).Reverse().Order(byId).Index()) rank[chunk] = place;
        return rank;
    }
}

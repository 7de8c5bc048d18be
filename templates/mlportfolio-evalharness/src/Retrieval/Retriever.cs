namespace PortfolioProject.Retrieval;

/// <summary>A retrieved chunk: its index in the retriever's chunk list, and its score, greater being better.</summary>
public sealed record Scored(int Index, double Score);

/// <summary>
/// Ranks chunks for a query: score descending, ties by chunk id descending by UTF-8 bytes; at most <c>depth</c> of them, and none that has
/// nothing to do with the query. The same call gives the same bits, on any number of threads at once.
/// </summary>
public interface IRetriever
{
    string Name { get; }

    /// <summary>What <see cref="Scored.Index"/> counts in.</summary>
    IReadOnlyList<Chunk> Chunks { get; }

    /// <summary>Size of what a search reads: postings, vectors and vocabulary, without the chunks' own text.</summary>
    long IndexBytes { get; }

    IReadOnlyList<Scored> Search(string query, int depth);
}

/// <summary>The one order of results, for every retriever.</summary>
internal sealed class ResultOrder(IReadOnlyList<Chunk> chunks) : IComparer<(double Score, int Index)>
{
    private readonly int[] _rank = RankById(chunks);

    /// <summary>Less than zero: a comes after b in the results.</summary>
    public int Compare((double Score, int Index) a, (double Score, int Index) b) =>
        a.Score.CompareTo(b.Score) is var order && order != 0 ? order : _rank[a.Index].CompareTo(_rank[b.Index]);

    /// <summary>The best <paramref name="depth"/> candidates of a score above 0, best first, through a heap of that size.</summary>
    public IReadOnlyList<Scored> Top(IEnumerable<(double Score, int Index)> candidates, int depth)
    {
        var heap = new PriorityQueue<Scored, (double Score, int Index)>(this);
        foreach (var candidate in candidates)
            if (!(candidate.Score > 0)) continue;
            else if (heap.Count < depth) heap.Enqueue(new(candidate.Index, candidate.Score), candidate);
            else if (depth > 0 && Compare(candidate, (heap.Peek().Score, heap.Peek().Index)) > 0)
                heap.DequeueEnqueue(new(candidate.Index, candidate.Score), candidate);
        var best = new Scored[heap.Count];
        for (var i = best.Length; i-- > 0;) best[i] = heap.Dequeue();
        return best;
    }

    /// <summary>Each chunk's place in ascending UTF-8 order of the ids; equal ids by position.</summary>
    private static int[] RankById(IReadOnlyList<Chunk> chunks)
    {
        var order = Enumerable.Range(0, chunks.Count).ToArray();
        Array.Sort(order, (a, b) => CompareUtf8(chunks[a].Id, chunks[b].Id) is var c && c != 0 ? c : b.CompareTo(a));
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++) rank[order[i]] = i;
        return rank;
    }

    /// <summary>UTF-8 byte order on UTF-16: surrogates (astral characters) come after U+FFFF.</summary>
    private static int CompareUtf8(string a, string b)
    {
        var i = a.AsSpan().CommonPrefixLength(b);
        return i == a.Length || i == b.Length ? a.Length.CompareTo(b.Length) : Key(a[i]).CompareTo(Key(b[i]));
        static int Key(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }
}

namespace PortfolioProject.Retrieval;

/// <summary>
/// BM25 with Lucene's idf: Σ over query tokens (repeats add up) of ln(1 + (N − df + ½)/(df + ½)) · tf/(tf + k1(1 − b + b·dl/avgdl)).
/// N counts every chunk, empty ones too. A chunk without any query token is not returned. Sums run in query-token order.
/// </summary>
public sealed class Bm25Index : IRetriever
{
    private readonly Postings _postings;
    private readonly ResultOrder _order;
    private readonly double[] _idf, _norm;

    /// <exception cref="UserError">k1 negative or not finite, b outside [0, 1].</exception>
    public Bm25Index(IReadOnlyList<Chunk> chunks, double k1 = 1.2, double b = 0.75)
    {
        if (!(k1 >= 0 && double.IsFinite(k1))) throw new UserError("BM25 parameter out of range", field: "k1", expected: "a number >= 0", got: $"{k1}");
        if (!(b >= 0 && b <= 1)) throw new UserError("BM25 parameter out of range", field: "b", expected: "a number from 0 to 1", got: $"{b}");
        (_order, _postings) = (new(chunks), new(chunks));
        var average = _postings.Lengths.Sum(l => (double)l) / Math.Max(1, chunks.Count);
        _norm = [.. _postings.Lengths.Select(l => k1 * (1 - b + (average > 0 ? b * l / average : 0)))];
        _idf = [.. _postings.Terms.Select(t => Idf(chunks.Count, t.Length))];
    }

    public long IndexBytes => _postings.Bytes + 8L * (_idf.Length + _norm.Length);

    /// <summary>Lucene's inverse document frequency: positive for every df from 0 to n.</summary>
    public static double Idf(int n, int df) => Math.Log(1 + (n - df + 0.5) / (df + 0.5));

    public IReadOnlyList<Scored> Search(string query, int depth)
    {
        var scores = new double[_norm.Length];
        foreach (var term in _postings.TermsOf(query))
            foreach (var (chunk, tf) in _postings.Terms[term])
                scores[chunk] += _idf[term] * tf / (tf + _norm[chunk]);
        return _order.Top(scores.Select((score, chunk) => (score, chunk)), depth);
    }
}

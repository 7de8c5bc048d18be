namespace PortfolioProject.Retrieval;

/// <summary>
/// Latent semantic analysis (Deerwester et al. 1990): chunks as tf-idf vectors, (1 + ln tf)·(ln((1 + N)/(1 + df)) + 1), of length 1, projected
/// on the leading right singular vectors; a query is folded in likewise and scores by cosine. Chunks of cosine 0 or less are not returned.
/// </summary>
public sealed class LsaIndex : IRetriever
{
    /// <summary>The stream of the seed that the random projection draws from.</summary>
    public const int Stream = 40;

    private readonly Postings _postings;
    private readonly VectorIndex _index;
    private readonly double[][] _termVectors;
    private readonly double[] _idf;

    /// <summary>The rank is lowered to what the corpus has. Seconds for 20,000 chunks; memory is some (terms + chunks) × rank × 24 bytes while building.</summary>
    /// <exception cref="UserError">A rank below 1.</exception>
    public LsaIndex(IReadOnlyList<Chunk> chunks, int rank, long seed)
    {
        if (rank < 1) throw new UserError("LSA rank out of range", field: "rank", expected: "1 or more", got: $"{rank}");
        _postings = new(chunks);
        _idf = [.. _postings.Terms.Select(t => Math.Log((1.0 + chunks.Count) / (1 + t.Length)) + 1)];
        var matrix = TfIdf(chunks.Count);
        var svd = TruncatedSvd.Of(matrix, rank, new RandomStream(seed, Stream));
        SingularValues = svd.SingularValues;
        _termVectors = Rows(svd.RightVectors, _idf.Length);
        _index = new(chunks, Rows(Array.ConvertAll(svd.RightVectors, matrix.Times), chunks.Count), Fold);
    }

    /// <summary>Descending; as many as the rank in use.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    public long IndexBytes => _postings.Bytes + 8L * (_idf.Length + _termVectors.Length * SingularValues.Count) + _index.IndexBytes;

    public IReadOnlyList<Scored> Search(string query, int depth) => _index.Search(query, depth);

    private double[] Fold(string query)
    {
        var vector = new double[SingularValues.Count];
        foreach (var (term, count) in _postings.TermsOf(query).CountBy(t => t))
            for (var i = 0; i < vector.Length; i++) vector[i] += Weight(count, term) * _termVectors[term][i];
        return vector;
    }

    private double Weight(int count, int term) => (1 + Math.Log(count)) * _idf[term];

    private SparseMatrix TfIdf(int chunks)
    {
        var length = new double[chunks];
        foreach (var (term, postings) in _postings.Terms.Index())
            foreach (var (chunk, count) in postings) length[chunk] += Math.Pow(Weight(count, term), 2);
        return new(chunks, [.. _postings.Terms.Select((postings, term) =>
            Array.ConvertAll(postings, p => (p.Chunk, Weight(p.Count, term) / Math.Sqrt(length[p.Chunk]))))]);
    }

    private static double[][] Rows(double[][] columns, int count) => [.. Enumerable.Range(0, count).Select(i => Array.ConvertAll(columns, c => c[i]))];
}

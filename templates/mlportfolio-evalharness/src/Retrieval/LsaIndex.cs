using PortfolioProject.Evidence;

namespace PortfolioProject.Retrieval;

/// <summary>
/// Latent semantic analysis (Deerwester et al. 1990): chunks as tf-idf vectors, (1 + ln tf)·(ln((1 + N)/(1 + df)) + 1), of length 1, projected
/// on the leading right singular vectors; a query is folded in likewise and scores by cosine. Chunks of cosine 0 or less are not returned.
/// </summary>
public sealed class LsaIndex : IRetriever
{
    /// <summary>Stream of the seed that the random projection draws from.</summary>
    public const int Stream = 40;

    private readonly Postings _postings;
    private readonly ResultOrder _order;
    private readonly double[][] _termVectors, _chunkVectors;
    private readonly double[] _idf;

    /// <summary>The rank is lowered to what the corpus has. Takes seconds for 20,000 chunks; memory is (terms + chunks) × rank doubles, times three while building.</summary>
    /// <exception cref="UserError">A rank below 1.</exception>
    public LsaIndex(IReadOnlyList<Chunk> chunks, int rank, long seed)
    {
        if (rank < 1) throw new UserError("LSA rank out of range", field: "rank", expected: "1 or more", got: $"{rank}");
        (Chunks, _order, _postings) = (chunks, new(chunks), new(chunks));
        _idf = [.. Enumerable.Range(0, _postings.TermCount).Select(t => Math.Log((1.0 + chunks.Count) / (1 + _postings.DocumentFrequency(t))) + 1)];
        var weights = Weights();
        var matrix = new SparseMatrix(chunks.Count, _postings.Offsets, _postings.Chunks, weights);
        var svd = TruncatedSvd.Of(matrix, rank, new RandomStream(seed, Stream));
        SingularValues = svd.SingularValues;
        _termVectors = Rows(svd.RightVectors, _postings.TermCount);
        _chunkVectors = Rows([.. svd.RightVectors.Select(matrix.Times)], chunks.Count);
        foreach (var v in _chunkVectors) Normalise(v);
    }

    public string Name => "lsa";

    public IReadOnlyList<Chunk> Chunks { get; }

    /// <summary>Descending; as many as the rank in use.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    public long IndexBytes => _postings.Bytes + 8L * (_idf.Length + (_termVectors.Length + _chunkVectors.Length) * SingularValues.Count);

    public IReadOnlyList<Scored> Search(string query, int depth)
    {
        var vector = new double[SingularValues.Count];
        foreach (var term in _postings.TermsOf(query).CountBy(t => t))
            for (var i = 0; i < vector.Length; i++) vector[i] += Weight(term.Value, term.Key) * _termVectors[term.Key][i];
        Normalise(vector);
        return _order.Top(_chunkVectors.Select((v, i) => (TruncatedSvd.Dot(v, vector), i)).Where(c => c.Item1 > 0), depth);
    }

    private double Weight(int count, int term) => (1 + Math.Log(count)) * _idf[term];

    private double[] Weights()
    {
        var weights = new double[_postings.Chunks.Length];
        var squares = new double[Chunks.Count];
        for (var t = 0; t < _idf.Length; t++)
            for (var p = _postings.Offsets[t]; p < _postings.Offsets[t + 1]; p++)
            {
                weights[p] = Weight(_postings.Counts[p], t);
                squares[_postings.Chunks[p]] += weights[p] * weights[p];
            }
        for (var p = 0; p < weights.Length; p++) weights[p] /= Math.Sqrt(squares[_postings.Chunks[p]]);
        return weights;
    }

    private static double[][] Rows(double[][] columns, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Array.ConvertAll(columns, c => c[i]))];

    private static void Normalise(double[] v)
    {
        var norm = Math.Sqrt(TruncatedSvd.Dot(v, v));
        for (var i = 0; norm > 1e-12 && i < v.Length; i++) v[i] /= norm;
    }
}

namespace PortfolioProject.Retrieval;

/// <summary>Exact search by cosine over one vector a chunk. Chunks of cosine 0 or less are not returned.</summary>
public sealed class VectorIndex(IReadOnlyList<Chunk> chunks, double[][] vectors, Func<string, double[]> embed) : IRetriever
{
    private readonly ResultOrder _order = new(chunks);
    private readonly double[][] _vectors = [.. vectors.Select(Normalised)];

    public long IndexBytes => _vectors.Sum(v => 8L * v.Length);

    public IReadOnlyList<Scored> Search(string query, int depth)
    {
        var vector = Normalised(embed(query));
        return _order.Top(_vectors.Select((v, chunk) => (TruncatedSvd.Dot(v, vector), chunk)), depth);
    }

    /// <summary>Of length 1; a vector of next to no length stays as it is.</summary>
    private static double[] Normalised(double[] v) => Math.Sqrt(TruncatedSvd.Dot(v, v)) is > 1e-12 and var norm ? Array.ConvertAll(v, x => x / norm) : v;
}

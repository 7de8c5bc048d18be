namespace PortfolioProject.Evaluation;

/// <summary>Asks an index over stemmed text with a stemmed question.</summary>
internal sealed class StemmedRetriever(IRetriever inner) : IRetriever
{
    public long IndexBytes => inner.IndexBytes;

    public IReadOnlyList<Scored> Search(string query, int depth) => inner.Search(Stem(query), depth);

    public static string Stem(string text) => string.Join(' ', Tokenizer.Tokenize(text).Select(IdfTable.Stem));
}

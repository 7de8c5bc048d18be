namespace PortfolioProject.Retrieval;

/// <summary>Inverse document frequency (<see cref="Bm25Index.Idf"/>) of word stems over chunks; a stem in no chunk weighs most.</summary>
public sealed class IdfTable(IReadOnlyList<Chunk> chunks)
{
    private static readonly Dictionary<string, string> Canonical = English.Words("same").Chunk(2).ToDictionary(p => p[0], p => p[1]);

    private readonly Dictionary<string, int> _frequency =
        chunks.SelectMany(c => Tokenizer.Tokenize(c.Text).Select(Stem).Distinct()).CountBy(s => s).ToDictionary(StringComparer.Ordinal);

    public double this[string stem] => Bm25Index.Idf(chunks.Count, _frequency.GetValueOrDefault(stem));

    /// <summary>
    /// A light English stemmer: takes off -s, -ies, -ing, -ed, -ly, a last e and a doubled last consonant where enough of the word remains.
    /// Number words become digits, units their symbols.
    /// </summary>
    public static string Stem(string token)
    {
        if (token.Length > 3 && token[^1] == 's' && token[^2] is not ('s' or 'u')) token = token[..^1];
        if (Canonical.TryGetValue(token, out var canonical)) return canonical;
        if (token.Length > 4 && token is ([.., 'i', 'e'] or [.., 'i', 'e', 'd'])) token = token[..token.LastIndexOf('i')] + 'y';
        else if (token.Length > 5 && token is [.., 'i', 'n', 'g']) token = token[..^3];
        else if (token.Length > 4 && token is ([.., 'e', 'd'] or [.., 'l', 'y'])) token = token[..^2];
        if (token.Length > 3 && (token[^1] == 'e' || (token[^1] == token[^2] && char.IsLetter(token[^1])))) token = token[..^1];
        return token;
    }
}

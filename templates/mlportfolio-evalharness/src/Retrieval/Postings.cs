namespace PortfolioProject.Retrieval;

/// <summary>A chunk that holds a term, and how often.</summary>
internal readonly record struct Posting(int Chunk, int Count);

/// <summary>An inverted index: for each term, its chunks ascending. Terms are numbered by first occurrence.</summary>
internal sealed class Postings
{
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);

    public Postings(IReadOnlyList<Chunk> chunks)
    {
        var lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(int Term, int Chunk, int Count)> pairs = [];
        List<int> newest = [];
        Lengths = new int[chunks.Count];
        for (var c = 0; c < chunks.Count; c++)
        {
            var lower = chunks[c].Text.ToLowerInvariant().AsSpan();
            for (var p = 0; Tokenizer.Next(lower, ref p, out var start); Lengths[c]++)
            {
                if (!lookup.TryGetValue(lower[start..p], out var term))
                {
                    lookup[lower[start..p]] = term = newest.Count;
                    newest.Add(-1);
                }
                if (newest[term] < 0 || pairs[newest[term]].Chunk != c)
                {
                    newest[term] = pairs.Count;
                    pairs.Add((term, c, 0));
                }
                CollectionsMarshal.AsSpan(pairs)[newest[term]].Count++;
            }
        }
        var filled = new int[newest.Count];
        foreach (var pair in pairs) filled[pair.Term]++;
        Terms = Array.ConvertAll(filled, n => new Posting[n]);
        Array.Clear(filled);
        foreach (var (term, chunk, count) in pairs) Terms[term][filled[term]++] = new(chunk, count);
    }

    /// <summary>Postings of each term.</summary>
    public Posting[][] Terms { get; }

    /// <summary>Tokens in each chunk.</summary>
    public int[] Lengths { get; }

    /// <summary>Postings, lengths and the terms' text.</summary>
    public long Bytes => Terms.Sum(t => 24L + 8 * t.Length) + 4L * Lengths.Length + _terms.Keys.Sum(t => 22L + 2 * t.Length);

    /// <summary>The query's tokens that the index knows, in their order, repeats kept.</summary>
    public IEnumerable<int> TermsOf(string query) => Tokenizer.Tokenize(query).Where(_terms.ContainsKey).Select(t => _terms[t]);
}

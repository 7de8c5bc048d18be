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
        var terms = new List<List<Posting>>();
        Lengths = new int[chunks.Count];
        for (var c = 0; c < chunks.Count; c++)
        {
            var lower = chunks[c].Text.ToLowerInvariant().AsSpan();
            for (var p = 0; Tokenizer.Next(lower, ref p, out var start); Lengths[c]++)
            {
                if (!lookup.TryGetValue(lower[start..p], out var term))
                {
                    lookup[lower[start..p]] = term = terms.Count;
                    terms.Add([]);
                }
                var postings = terms[term];
                if (postings is [.., var last] && last.Chunk == c) postings[^1] = last with { Count = last.Count + 1 };
                else postings.Add(new(c, 1));
            }
        }
        Terms = [.. terms.Select(t => t.ToArray())];
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

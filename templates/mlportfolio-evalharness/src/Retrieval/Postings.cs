namespace PortfolioProject.Retrieval;

/// <summary>An inverted index: for term t, Chunks and Counts at [Offsets[t], Offsets[t + 1]), chunks ascending. Terms are numbered by first occurrence.</summary>
internal sealed class Postings
{
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);

    public Postings(IReadOnlyList<Chunk> chunks)
    {
        var lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        List<int> pairTerm = [], pairCount = [], frequency = [], lastPair = [];
        var firstPair = new int[chunks.Count + 1];
        Lengths = new int[chunks.Count];
        for (var c = 0; c < chunks.Count; c++)
        {
            firstPair[c] = pairTerm.Count;
            using var lower = new Tokenizer.Lowered(chunks[c].Text);
            for (var p = 0; Tokenizer.Next(lower.Text, ref p, out var start); Lengths[c]++)
            {
                var token = lower.Text[start..p];
                if (!lookup.TryGetValue(token, out var term))
                {
                    lookup[token] = term = _terms.Count;
                    frequency.Add(0);
                    lastPair.Add(-1);
                }
                if (lastPair[term] >= firstPair[c])
                {
                    pairCount[lastPair[term]]++;
                    continue;
                }
                lastPair[term] = pairTerm.Count;
                frequency[term]++;
                pairTerm.Add(term);
                pairCount.Add(1);
            }
        }
        firstPair[^1] = pairTerm.Count;
        Offsets = new int[_terms.Count + 1];
        for (var t = 0; t < frequency.Count; t++) Offsets[t + 1] = Offsets[t] + frequency[t];
        (Chunks, Counts) = (new int[pairTerm.Count], new int[pairTerm.Count]);
        var fill = Offsets.ToArray();
        for (var c = 0; c < chunks.Count; c++)
            for (var pair = firstPair[c]; pair < firstPair[c + 1]; pair++)
            {
                var at = fill[pairTerm[pair]]++;
                (Chunks[at], Counts[at]) = (c, pairCount[pair]);
            }
    }

    public int[] Offsets { get; }

    public int[] Chunks { get; }

    public int[] Counts { get; }

    /// <summary>Tokens in each chunk.</summary>
    public int[] Lengths { get; }

    public int TermCount => _terms.Count;

    public long Bytes => 4L * (Offsets.Length + Chunks.Length + Counts.Length + Lengths.Length) + _terms.Keys.Sum(t => 2L * t.Length + 4);

    public int DocumentFrequency(int term) => Offsets[term + 1] - Offsets[term];

    /// <summary>The query's tokens that the index knows, in their order, repeats kept.</summary>
    public List<int> TermsOf(string query)
    {
        var lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var terms = new List<int>();
        using var lower = new Tokenizer.Lowered(query);
        for (var p = 0; Tokenizer.Next(lower.Text, ref p, out var start);)
            if (lookup.TryGetValue(lower.Text[start..p], out var term)) terms.Add(term);
        return terms;
    }
}

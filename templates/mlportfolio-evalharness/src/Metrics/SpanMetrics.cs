namespace PortfolioProject.Metrics;

/// <summary>Characters <paramref name="Start"/> to <paramref name="End"/> of a document: UTF-16 offsets, half-open.</summary>
public readonly record struct DocumentSpan(string Document, int Start, int End);

/// <summary>
/// Evidence measured in characters, so that chunkings of any size compare. Spans may overlap each other: what counts is the set of
/// characters, per document.
/// </summary>
public static class SpanMetrics
{
    /// <summary>
    /// With G gold and C retrieved characters: recall |G∩C|/|G|, precision |G∩C|/|C|. Where one side is empty both are 1 if the other is
    /// empty too, else 0.
    /// </summary>
    public static (double Recall, double Precision) Overlap(IEnumerable<DocumentSpan> gold, IEnumerable<DocumentSpan> retrieved)
    {
        var (g, c) = (gold.ToList(), retrieved.ToList());
        double size = Size(g), context = Size(c), shared = size + context - Size(g.Concat(c));
        return size == 0 || context == 0 ? size == context ? (1, 1) : (0, 0) : (shared / size, shared / context);
    }

    /// <summary>
    /// Gold spans as graded judgements of any chunking, by the greatest share of one gold span that the chunk holds: 3 all of it, 2 at
    /// least half, 1 less; chunks without any are left out. The share is of the span, not of the chunk, because a reader needs the whole
    /// evidence in one place, whatever surrounds it: a chunking that splits evidence gets lower grades.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Project(IEnumerable<DocumentSpan> gold, IEnumerable<(string Chunk, DocumentSpan Place)> chunks)
    {
        var spans = gold.Where(g => g.End > g.Start).ToLookup(g => g.Document);
        var grades = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (chunk, place) in chunks)
        {
            var share = spans[place.Document].Select(g => Math.Max(0, Math.Min(g.End, place.End) - Math.Max(g.Start, place.Start)) / (double)(g.End - g.Start)).DefaultIfEmpty().Max();
            if (share > 0) grades[chunk] = share >= 1 ? 3 : share >= 0.5 ? 2 : 1;
        }
        return grades;
    }

    /// <summary>The share of cited places that hold a character of gold evidence; null when nothing is cited.</summary>
    public static double? CitationPrecision(IReadOnlyList<DocumentSpan> cited, IReadOnlyList<DocumentSpan> gold) =>
        cited.Count == 0 ? null : cited.Count(c => gold.Any(g => g.Document == c.Document && Math.Min(g.End, c.End) > Math.Max(g.Start, c.Start))) / (double)cited.Count;

    /// <summary>The share of quotations that stand in one of the contexts, white space folded and otherwise to the letter; null when nothing is quoted.</summary>
    public static double? QuoteFaithfulness(IReadOnlyList<string> quotes, IReadOnlyList<string> contexts)
    {
        var folded = contexts.Select(Fold).ToList();
        return quotes.Count == 0 ? null : quotes.Count(q => Fold(q) is { Length: > 0 } quote && folded.Any(c => c.Contains(quote, StringComparison.Ordinal))) / (double)quotes.Count;
    }

    private static string Fold(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>How many characters the spans cover, each counted once.</summary>
    private static long Size(IEnumerable<DocumentSpan> spans) => spans.GroupBy(s => s.Document).Sum(document => document.OrderBy(s => s.Start).Aggregate(
        (Size: 0L, Covered: 0), (sum, s) => (sum.Size + Math.Max(0, s.End - Math.Max(s.Start, sum.Covered)), Math.Max(sum.Covered, s.End))).Size);
}

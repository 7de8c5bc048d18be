namespace PortfolioProject.Retrieval;

/// <summary>
/// Windows of at most <c>size</c> characters, cut after white space when there is some in the window's second half. The next window starts
/// <c>overlap</c> characters before the end of the last.
/// </summary>
public sealed class FixedChunker(int size, int overlap) : IChunker
{
    private readonly int _overlap = Chunk.Limit("overlap", overlap, 0, Chunk.Limit("size", size, 2, int.MaxValue) - 1);

    public IReadOnlyList<Chunk> Split(Document d) =>
        Chunk.Of(d, Windows(d.Text, 0, d.Text.Length, size, _overlap));

    /// <summary>The windows over [from, to), white space trimmed off both ends. Never cuts a surrogate pair.</summary>
    internal static IEnumerable<TextSpan> Windows(string text, int from, int to, int size, int overlap)
    {
        for (int start = from, covered = from; start < to;)
        {
            while (start < to && char.IsWhiteSpace(text[start])) start++;
            var end = Math.Min(start + size, to);
            if (end < to)
            {
                var floor = start + Math.Max(size / 2, overlap);
                var cut = end;
                while (cut > floor && !char.IsWhiteSpace(text[cut - 1])) cut--;
                if (cut > floor) end = cut;
                else if (IsInsidePair(text, end)) end--;
            }
            var window = SentenceSplitter.Trim(text, start, end);
            if (window.End > covered && window.End > window.Start) yield return window;
            covered = Math.Max(covered, window.End);
            start = end == to ? to : Math.Max(end - overlap, start + 1);
            if (start < to && IsInsidePair(text, start)) start++;
        }
    }

    private static bool IsInsidePair(string text, int at) => char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);
}

/// <summary>
/// Whole sentences up to <c>size</c> characters; a sentence longer than that is cut as <see cref="FixedChunker"/> would. A chunk repeats the
/// last <c>overlap</c> sentences of the one before, fewer where they and the next sentence would not fit.
/// </summary>
public sealed class SentenceChunker(int size, int overlap) : IChunker
{
    private readonly int _overlap = Chunk.Limit("overlap", overlap, 0, Chunk.Limit("size", size, 2, int.MaxValue));

    public IReadOnlyList<Chunk> Split(Document d) =>
        Chunk.Of(d, Pack(Units(d.Text, size), size, _overlap, (_, _) => false));

    internal static List<TextSpan> Units(string text, int size) =>
    [
        .. SentenceSplitter.Split(text).SelectMany(u => u.Length <= size
            ? [u] : FixedChunker.Windows(text, u.Start, u.End, size, 0).Select((w, i) => w with { Kind = i == 0 ? u.Kind : UnitKind.Sentence })),
    ];

    /// <summary>Joins neighbouring units while they fit into size and <paramref name="breakBetween"/> allows.</summary>
    internal static IEnumerable<TextSpan> Pack(List<TextSpan> units, int size, int overlap, Func<TextSpan, TextSpan, bool> breakBetween)
    {
        for (int first = 0, next = 0; next < units.Count;)
        {
            var start = next++;
            while (next < units.Count && units[next].End - units[first].Start <= size && !breakBetween(units[next - 1], units[next])) next++;
            yield return new(units[first].Start, units[next - 1].End);
            if (next == units.Count) yield break;
            first = Math.Max(next - overlap, start);
            if (breakBetween(units[next - 1], units[next])) first = next;
            while (first < next && units[next].End - units[first].Start > size) first++;
        }
    }
}

/// <summary>
/// One chunk a Markdown section (its heading and what follows, up to the next heading of any level); a heading with no text of its own joins
/// the section below it, and a section longer than <c>size</c> characters is split as <see cref="SentenceChunker"/> would, without overlap.
/// </summary>
public sealed class HeadingChunker(int size) : IChunker
{
    private readonly int _size = Chunk.Limit("size", size, 2, int.MaxValue);

    public IReadOnlyList<Chunk> Split(Document d) => Chunk.Of(
        d, SentenceChunker.Pack(SentenceChunker.Units(d.Text, _size), _size, 0, (a, b) => b.Kind == UnitKind.Heading && a.Kind != UnitKind.Heading));
}

namespace PortfolioProject.Retrieval;

/// <summary>What a unit of text is.</summary>
public enum UnitKind { Sentence, Heading, Row, Code }

/// <summary>Half-open offsets (UTF-16 code units) of a unit of text.</summary>
public readonly record struct TextSpan(int Start, int End, UnitKind Kind = UnitKind.Sentence)
{
    public int Length => End - Start;
}

/// <summary>
/// Splits Markdown or plain text into units without white space at either end that together cover everything else: sentences, headings,
/// table rows, lines of fenced code. List items and blank lines end a sentence; so do . ! ? and their kin before white space, unless a
/// lower-case letter follows or the point belongs to an abbreviation, an initial or a list number; 。！？ need no white space. Linear time.
/// </summary>
public static class SentenceSplitter
{
    private const string Terminators = ".!?…؟۔。！？｡", Wide = "。！？｡", Closers = "\"'”’»)]}*_」』）";

    private static readonly Regex Heading = new(@"^#{1,6}\s"), ListItem = new(@"^(?:[-*+]|\d{1,3}[.)])\s");

    /// <summary>The characters before a point and the first one after it where the point ends no sentence: "J. Smith", unlike "15 K. The".</summary>
    private static readonly Regex Abbreviation = new(@"^\d{1,3}.$|(?:^|[\s(\[""])(?:(?<!\d\s)\p{Lu}.|(?i:mrs?|ms|dr|prof|st|vs|e\.g|i\.e|cf|incl).|"
        + @"(?i:nos?|figs?|approx|ca|max|min|sec|art|ch|vol|pp?|rev|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\d)$", RegexOptions.Singleline);

    public static IReadOnlyList<TextSpan> Split(string text)
    {
        var units = new List<TextSpan>();
        var paragraph = -1;
        var fence = default(char);
        for (int start = 0, next; start < text.Length; start = next)
        {
            next = text.IndexOf('\n', start) is var newline && newline < 0 ? text.Length : newline + 1;
            var span = Trim(text, start, next);
            var line = text.AsSpan(span.Start, span.Length);
            var isFence = (line.StartsWith("```") || line.StartsWith("~~~")) && (fence == default || fence == line[0]);
            var kind = isFence || fence != default ? UnitKind.Code : line.StartsWith('|') ? UnitKind.Row
                : Heading.IsMatch(line) ? UnitKind.Heading : UnitKind.Sentence;
            if (isFence) fence = fence == default ? line[0] : default;
            if (paragraph >= 0 && (kind != UnitKind.Sentence || line.IsEmpty || ListItem.IsMatch(line)))
            {
                AddSentences(text, paragraph, start, units);
                paragraph = -1;
            }
            if (kind != UnitKind.Sentence && !line.IsEmpty) units.Add(span with { Kind = kind });
            else if (!line.IsEmpty && paragraph < 0) paragraph = span.Start;
        }
        if (paragraph >= 0) AddSentences(text, paragraph, text.Length, units);
        return units;
    }

    internal static TextSpan Trim(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return new(start, end);
    }

    private static void AddSentences(string text, int from, int to, List<TextSpan> units)
    {
        var start = from;
        for (var i = from; i < to;)
        {
            var mark = i++;
            if (!Terminators.Contains(text[mark])) continue;
            while (i < to && (Terminators.Contains(text[i]) || Closers.Contains(text[i]))) i++;
            var next = i;
            while (next < to && char.IsWhiteSpace(text[next])) next++;
            if (next >= to || (next == i && !Wide.Contains(text[mark]))) continue;
            if (next > i && (char.IsLower(text[next]) || (text[mark] == '.' && IsAbbreviation(text, start, mark, next)))) continue;
            units.Add(Trim(text, start, i));
            start = i = next;
        }
        if (Trim(text, start, to) is { Length: > 0 } rest) units.Add(rest);
    }

    private static bool IsAbbreviation(string text, int from, int point, int next) =>
        Abbreviation.IsMatch(string.Concat(text.AsSpan(Math.Max(from, point - 9)..point), text.AsSpan(next, 1)));
}

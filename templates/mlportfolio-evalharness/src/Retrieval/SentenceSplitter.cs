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

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase) { "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "cf", "incl" };

    private static readonly HashSet<string> BeforeNumbers = new(StringComparer.OrdinalIgnoreCase)
    { "no", "nos", "fig", "approx", "ca", "max", "min", "sec", "art", "ch", "vol", "p", "pp", "rev", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };

    public static IReadOnlyList<TextSpan> Split(string text)
    {
        var units = new List<TextSpan>();
        var paragraph = -1;
        var fence = default(char);
        for (int start = 0, next; start < text.Length; start = next)
        {
            var newline = text.IndexOf('\n', start);
            next = newline < 0 ? text.Length : newline + 1;
            var span = Trim(text, start, next);
            var line = text.AsSpan(span.Start, span.Length);
            var isFence = (line.StartsWith("```") || line.StartsWith("~~~")) && (fence == default || fence == line[0]);
            var kind = isFence || fence != default ? UnitKind.Code : line.StartsWith('|') ? UnitKind.Row
                : IsHeading(line) ? UnitKind.Heading : UnitKind.Sentence;
            if (isFence) fence = fence == default ? line[0] : default;
            if (paragraph >= 0 && (kind != UnitKind.Sentence || line.IsEmpty || IsListItem(line)))
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

    private static bool IsHeading(ReadOnlySpan<char> line)
    {
        var level = line.IndexOfAnyExcept('#');
        return level is > 0 and <= 6 && line[level] == ' ';
    }

    private static bool IsListItem(ReadOnlySpan<char> line)
    {
        var digits = line.IndexOfAnyExceptInRange('0', '9');
        var mark = digits is > 0 and <= 3 && line[digits] is '.' or ')' ? digits : line[0] is '-' or '*' or '+' ? 0 : line.Length;
        return mark + 1 < line.Length && line[mark + 1] == ' ';
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
            if (next >= to || (next == i ? !Wide.Contains(text[mark]) : char.IsLower(text[next]) || (text[mark] == '.' && IsAbbreviation(text, start, mark, text[next])))) continue;
            units.Add(Trim(text, start, i));
            start = i = next;
        }
        if (Trim(text, start, to) is { Length: > 0 } rest) units.Add(rest);
    }

    private static bool IsAbbreviation(string text, int from, int point, char next)
    {
        var word = point;
        while (word > from && point - word < 8 && !char.IsWhiteSpace(text[word - 1]) && !"([\"".Contains(text[word - 1])) word--;
        var before = text[word..point];
        return Abbreviations.Contains(before) || (char.IsAsciiDigit(next) && BeforeNumbers.Contains(before)) || (before.Length == 1 && char.IsUpper(before[0]))
            || (word == from && before.Length is > 0 and <= 3 && before.All(char.IsAsciiDigit));
    }
}

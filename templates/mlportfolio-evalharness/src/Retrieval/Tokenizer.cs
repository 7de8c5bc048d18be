namespace PortfolioProject.Retrieval;

/// <summary>
/// Tokens are maximal runs of Unicode letters and digits (with the combining marks inside a run), lower-cased invariantly. No stop words, no
/// stemming, no normalisation form: "2.5" is two tokens, "E-Bus" too. Works by Unicode scalar, so astral letters count.
/// </summary>
public static class Tokenizer
{
    public static List<string> Tokenize(ReadOnlySpan<char> text)
    {
        var tokens = new List<string>();
        var lower = text.ToString().ToLowerInvariant();
        for (var p = 0; Next(lower, ref p, out var start);) tokens.Add(lower[start..p]);
        return tokens;
    }

    /// <summary>Moves <paramref name="position"/> past the next token, which is [start, position) of the text; false when there is none.</summary>
    internal static bool Next(ReadOnlySpan<char> text, ref int position, out int start)
    {
        for (start = position; start < text.Length && !IsPart(text, start, inside: false, out var step);) start += step;
        for (position = start; position < text.Length && IsPart(text, position, inside: true, out var step);) position += step;
        return position > start;
    }

    private static bool IsPart(ReadOnlySpan<char> text, int at, bool inside, out int step)
    {
        step = 1;
        if (text[at] < 128) return char.IsAsciiLetterOrDigit(text[at]);
        Rune.DecodeFromUtf16(text[at..], out var rune, out step);
        return Rune.IsLetterOrDigit(rune) || (inside && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
    }
}

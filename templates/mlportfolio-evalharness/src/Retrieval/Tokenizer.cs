using System.Buffers;
using System.Text;

namespace PortfolioProject.Retrieval;

/// <summary>
/// Tokens are maximal runs of Unicode letters and digits (and combining marks inside a run), lower-cased invariantly. No stop words, no
/// stemming, no normalisation form: "2.5" is two tokens, "E-Bus" too. Works by Unicode scalar, so astral letters count.
/// </summary>
public static class Tokenizer
{
    public static List<string> Tokenize(ReadOnlySpan<char> text)
    {
        var tokens = new List<string>();
        using var lower = new Lowered(text);
        for (var p = 0; Next(lower.Text, ref p, out var start);) tokens.Add(lower.Text[start..p].ToString());
        return tokens;
    }

    /// <summary>Moves <paramref name="position"/> past the next token, which is [start, position) of the text; false when there is none.</summary>
    public static bool Next(ReadOnlySpan<char> text, ref int position, out int start)
    {
        start = position;
        while (start < text.Length && IsTokenPart(text, start, inside: false, out var step) is var part && !part) start += step;
        position = start;
        while (position < text.Length && IsTokenPart(text, position, inside: true, out var step)) position += step;
        return position > start;
    }

    private static bool IsTokenPart(ReadOnlySpan<char> text, int at, bool inside, out int step)
    {
        step = 1;
        if (text[at] < 128) return char.IsAsciiLetterOrDigit(text[at]);
        Rune.DecodeFromUtf16(text[at..], out var rune, out step);
        return Rune.IsLetterOrDigit(rune) || (inside && Rune.GetUnicodeCategory(rune) <= System.Globalization.UnicodeCategory.EnclosingMark
            && Rune.GetUnicodeCategory(rune) >= System.Globalization.UnicodeCategory.NonSpacingMark);
    }

    /// <summary>The text in lower case, same length, so that offsets carry over; in a pooled buffer.</summary>
    internal readonly ref struct Lowered
    {
        private readonly char[] _buffer;

        public Lowered(ReadOnlySpan<char> text)
        {
            _buffer = ArrayPool<char>.Shared.Rent(text.Length);
            text.ToLowerInvariant(_buffer);
            Text = _buffer.AsSpan(0, text.Length);
        }

        public ReadOnlySpan<char> Text { get; }

        public void Dispose() => ArrayPool<char>.Shared.Return(_buffer);
    }
}

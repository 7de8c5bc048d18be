namespace PortfolioProject.Interchange;

/// <summary>Places in a text: others count code points (Python) or count "\r\n" as two; gold spans count UTF-16 code units of text with "\n".</summary>
internal static class Offsets
{
    /// <summary>The UTF-16 offset of a code point offset; −1 outside the text.</summary>
    public static int FromCodePoints(string text, int codePoints)
    {
        if (codePoints < 0) return -1;
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return codePoints == 0 ? at : -1;
    }

    /// <summary>Characters that <see cref="SourceText.LfOnly"/> takes away before an offset.</summary>
    public static int Dropped(string text, int before) => text.AsSpan(0, before).Count("\r\n");

    public static GoldSpan Span(Document document, string sha256, int start, int length) => new(document.Id, start, start + length, document.Text.Substring(start, length), sha256);
}

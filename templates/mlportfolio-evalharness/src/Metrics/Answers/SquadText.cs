namespace PortfolioProject.Metrics;

/// <summary>
/// The normalisation of the official SQuAD v1.1 and v2.0 scripts: lower case, then the 32 ASCII punctuation marks removed, then the
/// articles a, an, the replaced by a space where they stand as words, then white space folded. No Unicode folding: "Zürich" is not "Zurich".
/// </summary>
internal static partial class SquadText
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public static string Normalize(string text) => string.Join(' ', Tokens(text));

    public static string[] Tokens(string text) => Split(Articles().Replace(new string([.. Lower(text).Where(c => !Punctuation.Contains(c))]), " "));

    /// <summary>Python's <c>str.lower</c>, with its two rules beyond one character for one: dotted capital I, and sigma at a word's end.</summary>
    private static string Lower(string text)
    {
        var lower = text.ToLowerInvariant().ToCharArray();
        for (var i = text.IndexOf('Σ'); i >= 0; i = text.IndexOf('Σ', i + 1))
            if (i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1]))) lower[i] = 'ς';
        return new string(lower).Replace("İ", "i̇");
    }

    /// <summary>
    /// Words as for Python's <c>\b</c>: letters and numbers, also astral ones (planes of scripts, not of emoji), but no combining marks,
    /// which .NET's own \b counts.
    /// </summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}]|[\uD800-\uD83B\uD840-\uD888][\uDC00-\uDFFF])(a|an|the)(?![\p{L}\p{N}\uD800-\uD83B\uD840-\uD888])", RegexOptions.CultureInvariant)]
    private static partial Regex Articles();

    /// <summary>Python's <c>str.split()</c>: also splits at the separators U+001C to U+001F.</summary>
    private static string[] Split(string text) =>
        new string([.. text.Select(c => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f' ? ' ' : c)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

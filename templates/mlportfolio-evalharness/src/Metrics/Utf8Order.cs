namespace PortfolioProject.Metrics;

/// <summary>
/// Orders strings as their UTF-8 bytes are ordered, which is code point order. UTF-16 order differs: it puts astral characters
/// (surrogates, D800–DFFF) below U+E000–U+FFFF.
/// </summary>
public static class Utf8Order
{
    public static readonly Comparer<string> Comparer = Comparer<string>.Create(Compare);

    public static int Compare(string a, string b) => a.AsSpan().CommonPrefixLength(b) is var shared && (shared == a.Length || shared == b.Length)
        ? a.Length - b.Length : Weight(a[shared]) - Weight(b[shared]);

    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}

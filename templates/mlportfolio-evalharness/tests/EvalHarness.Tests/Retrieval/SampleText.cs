using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>Random documents made of what breaks text code: markup, surrogate pairs and halves of them, right-to-left, odd white space.</summary>
internal static class SampleText
{
    private static readonly string[] Pieces =
    [
        "word ", "Valve", " opens at 2.5 bar. ", "e.g. ", "J. Smith ", "No. 7 ", "!", "?! ", "\n", "\n\n", "\r\n", "\t", "# Heading\n", "## Other\n", "#hash ", "- item ",
        "\n- item\n", "\n1. step\n", "| a | b |\n", "|---|---|\n", "\n```\n", "\n~~~\n", "𝔘𝔫𝔦", "😀", "\ud83d", "\ude00", "مرحبا بالعالم؟ ", "שלום. ", "漢字です。次！", "\u3000", "\u00a0",
        "cafe\u0301 ", "ß", "(see p. 4) ", "**bold.** ", "x",
    ];

    public static Arbitrary<string> Arbitrary { get; } =
        Gen.Elements(Pieces).ArrayOf().Select(string.Concat).ToArbitrary();

    public static bool CutsPair(string text, int at) =>
        at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at]);
}

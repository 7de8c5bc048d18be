using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("DN 250, 2.5 bar!", "dn 250 2 5 bar")]
    [InlineData("E-Bus's Ünïcode_x", "e bus s ünïcode x")]
    [InlineData("𝔘𝔫𝔦 𐐀𐐁😀x", "𝔘𝔫𝔦 𐐨𐐩 x")]
    [InlineData("cafe\u0301 \u0301bar", "cafe\u0301 bar")]
    [InlineData("हिन्दी में", "हिन्दी में")]
    [InlineData("مرحبا، بالعالم", "مرحبا بالعالم")]
    [InlineData("a\ud83d\ude00b\ud83dc", "a b c")]
    public void Tokens_are_lower_cased_runs_of_letters_and_digits(string text, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Tokenizer.Tokenize(text));

    [Fact]
    public void Every_letter_and_digit_of_the_text_is_in_exactly_one_token() =>
        Prop.ForAll(SampleText.Arbitrary, text => Assert.Equal(
            string.Concat(text.ToLowerInvariant().EnumerateRunes().Where(Rune.IsLetterOrDigit)),
            string.Concat(string.Concat(Tokenizer.Tokenize(text)).EnumerateRunes().Where(Rune.IsLetterOrDigit)))).QuickCheckThrowOnFailure();
}

using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class SentenceSplitterTests
{
    private static string[] Texts(string text) => [.. SentenceSplitter.Split(text).Select(s => text[s.Start..s.End])];

    [Theory]
    [InlineData("Open at 2.5 bar. Close at 3 bar!", "Open at 2.5 bar.|Close at 3 bar!")]
    [InlineData("Dr. Smith came, e.g. on Monday. J. Doe left.", "Dr. Smith came, e.g. on Monday.|J. Doe left.")]
    [InlineData("See fig. 3 and No. 7. The answer is no. Then stop.", "See fig. 3 and No. 7.|The answer is no.|Then stop.")]
    [InlineData("He said \"Stop.\" Then he left (at noon.) Done", "He said \"Stop.\"|Then he left (at noon.)|Done")]
    [InlineData("First.\nSecond goes\non here. Third?", "First.|Second goes\non here.|Third?")]
    [InlineData("Wait... what? Really?! Yes.", "Wait... what?|Really?!|Yes.")]
    [InlineData("漢字です。次！終わり", "漢字です。|次！|終わり")]
    [InlineData("كيف؟ جيد. نعم", "كيف؟|جيد.|نعم")]
    [InlineData("Lower it by 15 K. Then wait at DN 250. Pump A. Lang", "Lower it by 15 K.|Then wait at DN 250.|Pump A. Lang")]
    [InlineData("No point at the end\n\nNext paragraph", "No point at the end|Next paragraph")]
    [InlineData("Visit example.com. It costs €3.50.", "Visit example.com.|It costs €3.50.")]
    public void Sentences_end_where_a_reader_would_end_them(string text, string expected) => Assert.Equal(expected.Split('|'), Texts(text));

    [Fact]
    public void Headings_list_items_and_numbered_steps_are_units_of_their_own() =>
        Assert.Equal(
            ["# Start up", "Check the pump.", "- Open V1\n  slowly.", "- Open V2.", "1. Wait.", "2. Close V1. ", "After it."],
            Texts("# Start up\nCheck the pump.\n- Open V1\n  slowly.\n- Open V2.\n1. Wait.\n2. Close V1.  \n\nAfter it.").Select((t, i) => i == 5 ? t + " " : t));

    [Fact]
    public void Table_rows_and_lines_of_fenced_code_are_units_with_their_kind()
    {
        var text = "Prices:\n| A | B |\n|---|---|\n| 1. x | 2 |\n```\n# code. More code.\n\n| x |\n```\n## End";
        Assert.Equal(
            [UnitKind.Sentence, UnitKind.Row, UnitKind.Row, UnitKind.Row, UnitKind.Code, UnitKind.Code, UnitKind.Code, UnitKind.Code, UnitKind.Heading],
            SentenceSplitter.Split(text).Select(u => u.Kind));
        Assert.Contains("| 1. x | 2 |", Texts(text));
    }

    [Fact]
    public void Units_are_trimmed_in_order_disjoint_and_cover_everything_else() =>
        Prop.ForAll(SampleText.Arbitrary, text =>
        {
            var at = 0;
            foreach (var unit in SentenceSplitter.Split(text))
            {
                Assert.True(unit.Start >= at && string.IsNullOrWhiteSpace(text[at..unit.Start]));
                Assert.True(unit.Length > 0 && !char.IsWhiteSpace(text[unit.Start]) && !char.IsWhiteSpace(text[unit.End - 1]));
                at = unit.End;
            }
            Assert.True(string.IsNullOrWhiteSpace(text[at..]));
        }).QuickCheckThrowOnFailure();
}

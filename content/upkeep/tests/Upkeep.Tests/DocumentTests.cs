namespace PortfolioProject.Upkeep.Tests;

public sealed class DocumentTests
{
    [Fact]
    public void Passages_are_paragraphs_items_and_rows_under_their_heading()
    {
        var document = new Document("README.md", """
            ---
            title: no prose
            ---
            # One

            First line
            and its second.
            - an item
              that goes on
            2. another

            ## Two
            | a | b |
            |---|---|
            | x | y |
            ![picture](a.svg)
            ```bash
            # no heading, no prose
            ```
            <!-- evidence:table -->
            not prose, 0.5
            <!-- /evidence -->
            """);
        Assert.Equal(["6 One First line and its second.", "8 One an item that goes on", "10 One another", "15 Two x | y"], document.Passages.Select(p => $"{p.Line} {p.Section} {p.Text}"));
        Assert.Equal([("One", false), ("Two", true)], document.Sections.Select(s => (s.Heading, s.HasExhibit)));
        Assert.Equal(("table", "not prose, 0.5\n"), document.Exhibits.Select(e => (e.Name, e.Body)).Single());
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void Windows_line_ends_and_rewrapping_change_no_hash()
    {
        var (a, b) = (new Document("a.md", "One sentence\nin two lines, \"so to speak\".\n"), new Document("a.md", "One sentence in two\r\nlines, ‘so to speak’.\r\n"));
        Assert.Equal(ShippedList.HashOfPassage(a.Passages.Single().Text), ShippedList.HashOfPassage(b.Passages.Single().Text));
        Assert.NotEqual(ShippedList.HashOfPassage("One sentence"), ShippedList.HashOfPassage("Two sentences"));
    }

    [Fact]
    public void The_product_in_a_command_and_the_owner_in_a_sentence_do_not_hide_the_template()
    {
        var list = ShippedList.Parse($"prose {ShippedList.HashOfPassage("Start it with `dotnet Product.dll` and read on.")} README.md\nprose {ShippedList.HashOfPassage("It explains each verb with an example.")} README.md\n");
        Assert.True(list.Holds(new Passage("README.md", 1, "", "Start it with `dotnet My.App.dll` and read on.")));
        Assert.True(list.Holds(new Passage("README.md", 1, "", "It explains each verb with an example. Owner: Dr. Ada Example & Sons.")));
        Assert.False(list.Holds(new Passage("README.md", 1, "", "I wrote this one myself, over two evenings.")));
    }

    [Theory]
    [InlineData("of 1,797 rows 92.4 % are right, 0.5 at worst", new[] { "1,797", "92.4 %", "0.5" })]
    [InlineData("nine of 9 in 2024 on 2024-05-01, see 0003 and C4 and p95 and v1.2.3", new string[0])]
    [InlineData("`0.5` and [0.7](x/0.8) and http://a/0.9", new[] { "0.7" })]
    [InlineData("70% of 12 cases.", new[] { "70%", "12" })]
    public void Figures_are_numbers_that_claim_something(string text, string[] expected) => Assert.Equal(expected, Figure.In(text).Select(f => f.Text));
}

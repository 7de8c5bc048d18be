using PortfolioProject.Evaluation;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class SystemUnderTestTests
{
    private static IReadOnlyList<Chunk> Context(IReadOnlyList<Chunk> chunks, int budget) =>
        [.. Stub.System(chunks, StubReader.Of("never"), [.. Enumerable.Range(0, chunks.Count)], budget).Run("?").Context.Select(p => p.Chunk)];

    [Theory]
    [InlineData(9, new[] { 9 })]
    [InlineData(10, new[] { 10 })]
    [InlineData(29, new[] { 10 })]
    [InlineData(30, new[] { 10, 20 })]
    [InlineData(59, new[] { 10, 20 })]
    [InlineData(60, new[] { 10, 20, 30 })]
    [InlineData(1000, new[] { 10, 20, 30 })]
    public void The_context_holds_whole_passages_up_to_the_budget_to_the_character(int budget, int[] lengths) =>
        Assert.Equal(lengths, Context(Stub.Pieces("d", new('a', 10), new('b', 20), new('c', 30)), budget).Select(c => c.Text.Length));

    [Fact]
    public void Filling_ends_at_the_first_passage_that_does_not_fit() => // a shorter one further down is not preferred for being short
        Assert.Equal(["aaaaaaaaaa"], Context(Stub.Pieces("d", new('a', 10), new('b', 30), "ccc"), 20).Select(c => c.Text));

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "😀")]
    [InlineData(3, "😀a")]
    [InlineData(4, "😀a")]
    [InlineData(5, "😀a😀")]
    public void The_first_passage_is_cut_at_the_budget_but_never_within_a_character(int budget, string expected)
    {
        var cut = Assert.Single(Context([new Chunk("d#0000", "d", 0, 7, 13, "😀a😀b")], budget));
        Assert.Equal((expected, 7, 7 + expected.Length), (cut.Text, cut.Start, cut.End));
    }

    [Fact]
    public void It_answers_at_the_threshold_and_abstains_below_it()
    {
        var chunks = Stub.Pieces("d", "The pump is red.");
        var system = Stub.System(chunks, StubReader.Of("red", 0.5), [0], threshold: 0.5);
        Assert.Equal("red", system.Run("?").Answer);
        var trace = (system with { Threshold = Math.BitIncrement(0.5) }).Run("?");
        Assert.Null(trace.Answer);
        Assert.Equal(("red", 0.5), (trace.Reading.Answer, trace.Reading.Confidence));
    }

    [Fact]
    public void A_reader_that_finds_nothing_abstains_at_any_threshold() =>
        Assert.Null(Stub.System(Stub.Pieces("d", "The pump is red."), StubReader.Of("blue"), [0]).Run("?").Answer);

    [Fact]
    public void Another_threshold_changes_nothing_else()
    {
        var system = Stub.System(Stub.Pieces("d", "one ", "two ", "three "), StubReader.Of("two"), [2, 1, 0], budget: 10, depth: 2);
        var other = system with { Threshold = 0.25 };
        Assert.Equal(0.25, other.Threshold);
        Assert.Equal([2, 1], other.Run("?").Ranking.Select(s => s.Index));
        Assert.Equal(system.Run("?").Context.Select(p => p.Chunk), other.Run("?").Context.Select(p => p.Chunk));
    }

    [Fact]
    public void Nothing_retrieved_is_an_abstention()
    {
        var trace = Stub.System(Stub.Pieces("d", "one"), StubReader.Of("one"), []).Run("?");
        Assert.Null(trace.Answer);
        Assert.Empty(trace.Context);
    }

    [Theory]
    [InlineData(ReaderType.Abstain, null)]
    [InlineData(ReaderType.FirstSentence, "The pump is red.")]
    [InlineData(ReaderType.Passage, "The pump is red. It hums.")]
    public void Null_readers_answer_with_a_piece_of_the_first_passage(ReaderType type, string? expected)
    {
        var corpus = new Corpus([new Document("d", "", "The pump is red. It hums.")]);
        var trace = new SystemBuilder(corpus, 1, 10).Build(Stub.Config("null", RetrieverType.Constant, type)).Run("Who?");
        Assert.Equal(expected, trace.Answer);
        if (expected is not null) Assert.Equal(("d", 0, expected.Length), (trace.Reading.DocumentId, trace.Reading.Start, trace.Reading.End));
    }

    [Fact]
    public void Titles_help_to_find_a_chunk_and_are_not_read()
    {
        var corpus = new Corpus([new Document("a", "Golden valve", "It opens at noon."), new Document("b", "Silver valve", "It opens at dawn.")]);
        Trace Ask(bool titles) => new SystemBuilder(corpus, 1, 10).Build(Stub.Config("t") with { Retriever = new() { Type = RetrieverType.Bm25, Titles = titles } }).Run("golden");
        Assert.Empty(Ask(titles: false).Ranking);
        Assert.Equal("It opens at noon.", Assert.Single(Ask(titles: true).Context).Chunk.Text);
    }

    [Fact]
    public void Stems_find_a_word_with_another_ending()
    {
        var corpus = new Corpus([new Document("a", "", "The valves opened."), new Document("b", "", "The lamp shines.")]);
        Trace Ask(bool stems) => new SystemBuilder(corpus, 1, 10).Build(Stub.Config("s") with { Retriever = new() { Type = RetrieverType.Bm25, Stems = stems } }).Run("valve");
        Assert.Empty(Ask(stems: false).Ranking);
        Assert.Equal("The valves opened.", Assert.Single(Ask(stems: true).Context).Chunk.Text);
    }
}

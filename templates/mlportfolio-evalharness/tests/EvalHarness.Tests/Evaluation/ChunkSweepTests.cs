using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ChunkSweepTests
{
    // Sentences of 25 and 27 characters: for "red valve" the first ranks first (both terms), the second second (one), the third not at all.
    private const string Text = "Red valve red valve here. Red lamp stands over there. Nothing else is said.";

    private static readonly Corpus Corpus = new([new Document("d", "", Text)]);

    private static Question Ask(string id, string text, params string[] quotes) => new()
    {
        Id = id,
        Text = text,
        Split = "test",
        Source = "d",
        Spans = [.. quotes.Select(q => new GoldSpan("d", Text.IndexOf(q, StringComparison.Ordinal), Text.IndexOf(q, StringComparison.Ordinal) + q.Length, q, ""))],
    };

    private static IReadOnlyDictionary<string, CaseRecord> Sweep(ChunkerConfig chunker, IReadOnlyList<int> budgets, params Question[] questions)
    {
        var dataset = new Dataset("data/x", Corpus, questions, new Dictionary<string, IReadOnlyDictionary<string, int>>(), [], []);
        var config = new RunConfig
        {
            Seed = 1,
            Data = new() { Path = dataset.Path },
            Systems = "configs/systems",
            Baseline = "none",
            RetrievalDepth = 10,
            Utility = new() { Correct = 1, Partial = 0, Incorrect = 0, CorrectAbstention = 0, OverAbstention = 0, Hallucination = 0 },
            Sweep = new() { Budgets = budgets, Chunkers = [chunker] },
        };
        return ChunkSweep.Of(chunker, config, dataset, new SystemBuilder(Corpus, 1, 10)).Cases.ToDictionary(c => c.Case, c => c.Ask().Case);
    }

    private static ChunkerConfig Sentences(int size) => new() { Type = ChunkerType.Sentence, Size = size };

    [Fact]
    public void Recall_is_interpolated_between_whole_chunks()
    {
        // Ten gold characters in each sentence: the curve goes through (0, 0), (25, 0.5), (52, 1).
        int[] budgets = [10, 25, 40, 52, 1000];
        var values = Sweep(Sentences(30), budgets, Ask("q", "red valve", "valve here", "lamp stand"))["q"].Values;
        double[] expected = [0.5 * 10 / 25, 0.5, 0.5 + (0.5 * 15 / 27), 1, 1];
        Assert.All(budgets.Zip(expected), b => Assert.Equal(b.Second, values[$"recall@{b.First}chars"], 1e-12));
    }

    [Fact]
    public void Budgets_may_come_in_any_order()
    {
        var values = Sweep(Sentences(30), [52, 10], Ask("q", "red valve", "valve here", "lamp stand"))["q"].Values;
        Assert.Equal((0.2, 1.0), (Math.Round(values["recall@10chars"], 12), values["recall@52chars"]));
    }

    [Fact]
    public void Evidence_that_is_never_retrieved_leaves_recall_at_what_was_found()
    {
        var cases = Sweep(Sentences(30), [20, 1000], Ask("half", "red valve", "valve here", "else is sa"), Ask("none", "zebra", "valve here"));
        Assert.Equal(0.5, cases["half"].Values["recall@1000chars"]);
        Assert.Equal((0, 0), (cases["none"].Values["recall@20chars"], cases["none"].Values["recall@1000chars"]));
    }

    [Fact]
    public void Characters_of_evidence_count_once_though_spans_overlap()
    {
        var values = Sweep(Sentences(30), [25], Ask("q", "red valve", "valve here", "valve here.", "lamp stand"))["q"].Values;
        Assert.Equal(11.0 / 21, values["recall@25chars"], 1e-12);
    }

    [Fact]
    public void Evidence_is_split_when_no_single_chunk_holds_a_span_whole()
    {
        var across = Ask("across", "red valve", "here. Red");
        var within = Ask("within", "red valve", "valve here", "lamp stand"); // two chunks, but each span whole
        var small = Sweep(Sentences(30), [100], across, within);
        Assert.Equal((1, 0), (small["across"].Values["split-evidence"], small["within"].Values["split-evidence"]));
        Assert.Equal(0, Sweep(Sentences(100), [100], across)["across"].Values["split-evidence"]);
    }

    [Fact]
    public void Only_test_questions_with_evidence_are_asked() =>
        Assert.Equal(["q"], Sweep(Sentences(30), [100], Ask("q", "red", "Red"), Ask("dev", "red", "Red") with { Split = "dev" }, Ask("open", "red")).Keys);

    [Fact]
    public void A_chunking_is_named_by_its_type_size_and_overlap()
    {
        Assert.Equal("sentence-300", Sentences(300).Name);
        Assert.Equal("fixed-600+120", new ChunkerConfig { Type = ChunkerType.Fixed, Size = 600, Overlap = 120 }.Name);
    }
}

using PortfolioProject.Evaluation;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class AttributionTests
{
    private static readonly IReadOnlyList<Chunk> Chunks = Stub.Pieces("pumps", "Pump P1 delivers 40 litres. ", "Pump P2 delivers 50 litres. ", "Nothing more is said. ");

    private static readonly Corpus Corpus = new([new Document("pumps", "", string.Concat(Chunks.Select(c => c.Text)))]);

    private static readonly Question Asked = new()
    {
        Id = "q",
        Text = "What does P1 deliver?",
        Answers = ["40 litres"],
        Spans = [new GoldSpan("pumps", 0, 27, "Pump P1 delivers 40 litres.", "")],
    };

    private static FailureStage? Stage(Question question, IReader reader, int[] order, int budget = 1000, double threshold = 0)
    {
        var system = Stub.System(Chunks, reader, order, budget, threshold);
        var trace = system.Run(question.Text);
        return Attribution.Of(question, system, trace, Grader.Grade(question, trace.Answer), Corpus);
    }

    [Fact]
    public void Not_in_corpus_when_no_document_holds_a_gold_answer()
    {
        var unanchored = Asked with { Spans = [], Answers = ["99 litres", "ninety-nine"] };
        Assert.Equal(FailureStage.NotInCorpus, Stage(unanchored, StubReader.Of("50 litres"), [1, 0]));
        Assert.Null(Stage(unanchored with { Answers = ["99 litres", "PUMP P1"] }, StubReader.Of("50 litres"), [1, 0]));
    }

    [Fact]
    public void Not_retrieved_when_the_evidence_is_nowhere_in_the_ranking() =>
        Assert.Equal(FailureStage.NotRetrieved, Stage(Asked, StubReader.Of("50 litres"), [1, 2]));

    [Fact]
    public void Below_the_cut_when_the_evidence_was_ranked_but_did_not_fit()
    {
        Assert.Equal(FailureStage.BelowCut, Stage(Asked, StubReader.Of("50 litres"), [1, 2, 0], budget: 60));
        Assert.Equal(FailureStage.InContextUnused, Stage(Asked, StubReader.Of("50 litres"), [1, 0, 2], budget: 60));
    }

    [Fact]
    public void Half_of_the_evidence_is_enough_to_count_as_there()
    {
        Assert.Equal(FailureStage.BelowCut, Stage(Asked, StubReader.Of("never"), [0], budget: 13));
        Assert.Equal(FailureStage.InContextUnused, Stage(Asked, StubReader.Of("never"), [0], budget: 14));
    }

    [Fact]
    public void Every_span_has_to_be_there()
    {
        var two = Asked with { Spans = [.. Asked.Spans, new GoldSpan("pumps", 28, 55, "Pump P2 delivers 50 litres.", "")] };
        Assert.Equal(FailureStage.NotRetrieved, Stage(two, StubReader.Of("Nothing"), [0, 2]));
        Assert.Equal(FailureStage.InContextUnused, Stage(two, StubReader.Of("Nothing"), [0, 1, 2]));
    }

    [Fact]
    public void In_context_but_unused_when_the_reader_looked_elsewhere_or_found_nothing()
    {
        Assert.Equal(FailureStage.InContextUnused, Stage(Asked, StubReader.Of("Pump P2"), [0, 1]));
        Assert.Equal(FailureStage.InContextUnused, Stage(Asked, StubReader.Of("never"), [0, 1]));
    }

    [Fact]
    public void Mis_extracted_when_the_reader_took_other_words_of_the_evidence() =>
        Assert.Equal(FailureStage.MisExtracted, Stage(Asked, StubReader.Of("Pump P1"), [0, 1]));

    [Fact]
    public void Wrong_format_when_the_answer_is_there_with_too_much_around_it()
    {
        Assert.Equal(FailureStage.WrongFormat, Stage(Asked with { Answers = ["Pump P1"] }, StubReader.Of("Pump P1 delivers"), [0, 1])); // partial
        Assert.Equal(FailureStage.WrongFormat, Stage(Asked with { Answers = ["P1"] }, StubReader.Of("Pump P1 delivers 40 litres"), [0, 1])); // F1 1/3, but contained
    }

    [Fact]
    public void Wrong_abstention_when_the_right_answer_was_withheld_or_the_unanswerable_answered()
    {
        Assert.Equal(FailureStage.WrongAbstention, Stage(Asked, StubReader.Of("40 litres", 0.3), [0, 1], threshold: 0.5));
        Assert.Equal(FailureStage.MisExtracted, Stage(Asked, StubReader.Of("Pump P1", 0.3), [0, 1], threshold: 0.5));
        Assert.Equal(FailureStage.WrongAbstention, Stage(new Question { Id = "u", Text = "Who?", Answerable = false }, StubReader.Of("Pump"), [0]));
    }

    [Fact]
    public void What_went_right_or_cannot_be_graded_has_no_stage()
    {
        Assert.Null(Stage(Asked, StubReader.Of("40 litres"), [0, 1]));
        Assert.Null(Stage(new Question { Id = "u", Text = "Who?", Answerable = false }, StubReader.Of("never"), [0]));
        Assert.Null(Stage(Asked with { Answers = null }, StubReader.Of("Pump"), [2]));
    }

    [Fact]
    public void Perfect_retrieval_gives_the_reader_the_evidence_and_keeps_the_threshold()
    {
        Outcome Retrieved(Question q, double confidence) =>
            Attribution.WithOracleRetrieval(q, Stub.System(Chunks, StubReader.Of("40 litres", confidence), [1, 2], threshold: 0.5), Outcome.Incorrect);
        Assert.Equal(Outcome.Correct, Retrieved(Asked, 0.5));
        Assert.Equal(Outcome.OverAbstention, Retrieved(Asked, 0.4));
        Assert.Equal(Outcome.Incorrect, Retrieved(Asked with { Spans = [] }, 0.5));
        var elsewhere = Stub.System(Chunks, StubReader.Of("50 litres"), [1, 2]); // the chunk that it would cite is not evidence
        Assert.Equal(Outcome.OverAbstention, Attribution.WithOracleRetrieval(Asked, elsewhere, Outcome.Incorrect));
    }

    [Fact]
    public void Perfect_reading_is_right_exactly_where_the_context_holds_the_evidence()
    {
        Outcome Read(Question q, int[] order) => Attribution.WithOracleReading(q, Stub.System(Chunks, StubReader.Of("Pump"), order).Run(q.Text), Outcome.Incorrect);
        Assert.Equal(Outcome.Correct, Read(Asked, [2, 0]));
        Assert.Equal(Outcome.OverAbstention, Read(Asked, [1, 2]));
        Assert.Equal(Outcome.Incorrect, Read(Asked with { Spans = [] }, [0]));
        Assert.Equal(Outcome.CorrectAbstention, Read(new Question { Id = "u", Text = "Who?", Answerable = false }, [0]));
    }
}

using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class AnchorTests
{
    private static readonly Question Boiler = TinyRepository.Questions()[0];

    private static UserError Refused(IEnumerable<Question>? questions, Action<TinyRepository>? edit = null)
    {
        using var repository = new TinyRepository(questions);
        edit?.Invoke(repository);
        return Assert.Throws<UserError>(() => repository.Data());
    }

    [Fact]
    public void An_edited_document_names_the_question_and_the_quotes_new_place()
    {
        var quote = Boiler.Spans[0];
        var error = Refused(null, r => r.Write("data/tiny/corpus/boilers.md", TinyRepository.Documents["boilers"].Replace("# Boilers", "# Old boilers")));
        Assert.Contains($"q1: \"boilers\" {quote.Start}..{quote.End} does not hold the quote \"{quote.Quote}\"; the quote now stands at {quote.Start + 4}..{quote.End + 4}", error.Message);
        Assert.Contains("q2: ", error.Message);
        Assert.DoesNotContain("q3: ", error.Message);
        Assert.StartsWith("data/tiny/questions.jsonl: 2 gold span(s)", error.Message);
    }

    [Fact]
    public void A_quote_that_is_gone_is_said_to_be_gone()
    {
        var error = Refused([Boiler, .. TinyRepository.Questions().Skip(2)], r => r.Write("data/tiny/corpus/boilers.md", "# Boilers\n\nNone.\n"));
        Assert.Contains("q1", error.Message);
        Assert.Contains("the quote is gone", error.Message);
    }

    [Fact]
    public void An_edit_elsewhere_in_the_document_is_noticed_by_its_digest()
    {
        var error = Refused(null, r => r.Write("data/tiny/corpus/boilers.md", TinyRepository.Documents["boilers"] + "More.\n"));
        Assert.Contains("q1: document \"boilers\" was edited (the quote still stands)", error.Message);
        Assert.Contains(Boiler.Spans[0].Sha256[..12], error.Message);
    }

    [Fact]
    public void An_unknown_document_and_a_place_behind_the_end_are_named()
    {
        Assert.Contains("q1: document \"nowhere\" is not in the corpus", Refused([Boiler with { Spans = [Boiler.Spans[0] with { Document = "nowhere" }] }]).Message);
        Assert.Contains("the quote now stands at", Refused([Boiler with { Spans = [Boiler.Spans[0] with { Start = 5000, End = 5010 }] }]).Message);
    }

    [Fact]
    public void Of_many_problems_twenty_are_told_and_the_rest_counted()
    {
        var error = Refused(Enumerable.Range(0, 25).Select(i => Boiler with { Id = $"many{i:00}", Spans = [Boiler.Spans[0] with { Document = "nowhere" }] }));
        Assert.StartsWith("data/tiny/questions.jsonl: 25 gold span(s)", error.Message);
        Assert.Contains("many19: ", error.Message);
        Assert.DoesNotContain("many20: ", error.Message);
        Assert.Contains("… and 5 more", error.Message);
    }

    [Fact]
    public void Offsets_count_UTF16_units_and_hold_through_line_ends_and_scripts()
    {
        const string Text = "# שלום\n\n😀 Pumpe läuft.\n\nسعر الحرارة ٧٩ يورو.\n";
        var document = new Retrieval.Document("world", "", Text);
        Question Ask(string id, string quote) => new()
        {
            Id = id,
            Text = "What?",
            Answers = [quote],
            Split = "test",
            Spans = [new GoldSpan("world", Text.IndexOf(quote, StringComparison.Ordinal), Text.IndexOf(quote, StringComparison.Ordinal) + quote.Length, quote, document.Sha256)],
        };
        using var repository = new TinyRepository([Ask("astral", "😀 Pumpe"), Ask("right-to-left", "سعر الحرارة ٧٩ يورو.")]);
        repository.Write("data/tiny/corpus/world.md", Text.Replace("\n", "\r\n"));
        var data = repository.Data();
        Assert.Equal(2, data.Questions.Count);
        Assert.Equal(8, data.Questions[0].Spans[0].Start);
        var system = new SystemBuilder(data.Corpus, 1, 10).Build(Stub.Config("bm25"));
        Assert.Equal("world", system.Run("ما سعر الحرارة؟").Context[0].Chunk.DocumentId);
    }
}

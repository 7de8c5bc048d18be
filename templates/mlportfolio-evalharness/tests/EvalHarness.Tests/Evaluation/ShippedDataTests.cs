using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>What the datasheet promises of the questions and documents that came with the template.</summary>
public sealed class ShippedDataTests
{
    private static readonly string Root = Repository.FindRoot(AppContext.BaseDirectory);

    private static readonly Dataset Data = Dataset.Load(Root, "data/handbook");

    [Fact]
    public void The_linter_finds_no_error() =>
        Assert.Empty(new EvalSetLinter(Data, 1, 100).Lint().Where(f => f.Severity == Severity.Error).Select(f => $"{f.Where}: {f.Message}"));

    [Fact]
    public void There_are_questions_enough_in_all_and_in_test()
    {
        Assert.InRange(Data.Questions.Count, 320, int.MaxValue);
        Assert.InRange(Data.Questions.Count(q => q.Split == "test"), 200, int.MaxValue);
        Assert.Empty(Data.Notes); // every question names its split
    }

    [Theory]
    [InlineData("near-miss")]
    [InlineData("false-premise")]
    [InlineData("out-of-scope")]
    public void Test_holds_enough_of_each_kind_of_unanswerable_question(string type) =>
        Assert.InRange(Data.Questions.Count(q => q.Split == "test" && !q.Answerable && q.Type == type), 15, int.MaxValue);

    [Fact]
    public void Answerable_questions_have_answers_and_evidence_and_the_others_have_neither()
    {
        Assert.All(Data.Questions.Where(q => q.Answerable), q => Assert.True(q.Answers is { Count: > 0 } && q.Spans.Count > 0, q.Id));
        Assert.All(Data.Questions.Where(q => !q.Answerable), q => Assert.True(q.Answers is null or { Count: 0 } && q.Spans.Count == 0, q.Id));
    }

    [Fact]
    public void Every_span_holds_its_quote_in_the_document_that_its_digest_names() =>
        Assert.All(Data.Questions.SelectMany(q => q.Spans), s =>
        {
            var document = Data.Corpus.Find(s.Document)!;
            Assert.Equal((s.Quote, s.Sha256), (document.Text[s.Start..s.End], document.Sha256));
        });

    [Fact]
    public void No_document_cluster_or_paraphrase_group_is_in_both_splits()
    {
        // Questions about nothing in the corpus are of cluster "none" and have no source.
        var keys = Data.Questions.SelectMany(q => q.Spans.Select(s => "document " + s.Document)
            .Concat([q.Source is null ? null : "document " + q.Source, q.Cluster == "none" ? null : $"cluster {q.Cluster}", $"group {q.Group ?? q.Id}"]).OfType<string>().Select(k => (Key: k, q.Split)));
        Assert.Empty(keys.Distinct().CountBy(k => k.Key).Where(k => k.Value > 1).Select(k => k.Key));
    }

    [Fact]
    public void The_files_are_those_that_were_shipped()
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "data", "SHIPPED.sha256")).Where(l => l.Length > 0).Select(l => l.Split("  ")).ToList();
        Assert.All(lines, l => Assert.Equal(l[0], TextFile.Sha256OfFile(Path.Combine(Root, l[1]))));
        Assert.Equal(Data.Files.Select(f => f.Path), lines.Select(l => l[1]).Order(StringComparer.Ordinal));
    }
}

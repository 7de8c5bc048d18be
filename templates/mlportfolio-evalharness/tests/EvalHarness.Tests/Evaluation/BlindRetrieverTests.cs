using PortfolioProject.Evaluation;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class BlindRetrieverTests
{
    private static readonly Corpus Corpus = new([.. Enumerable.Range(0, 30).Select(i => new Document($"d{i:00}", "", new string((char)('a' + (i % 26)), 1 + (i * 7 % 13))))]);

    private static readonly ChunkerConfig Whole = new() { Type = ChunkerType.Sentence, Size = 100 };

    private static IRetriever Retriever(RetrieverType type, long seed = 3) => new SystemBuilder(Corpus, seed, 100).Retriever(Whole, new() { Type = type });

    private static IEnumerable<string> Documents(IRetriever retriever, string question, int depth = 100) =>
        retriever.Search(question, depth).Select(s => new SystemBuilder(Corpus, 0, 100).Chunk(Whole).Chunks[s.Index].DocumentId);

    [Theory]
    [InlineData(RetrieverType.Constant)]
    [InlineData(RetrieverType.Longest)]
    [InlineData(RetrieverType.CorpusOrder)]
    public void The_ranking_is_the_same_for_every_question_and_seed(RetrieverType type)
    {
        var ranking = Documents(Retriever(type), "What is aaa?").ToList();
        Assert.Equal(30, ranking.Count);
        Assert.Equal(ranking, Documents(Retriever(type), ""));
        Assert.Equal(ranking, Documents(Retriever(type, seed: 4), "zzz"));
        Assert.Equal(ranking.Take(7), Documents(Retriever(type), "zzz", depth: 7));
    }

    [Fact]
    public void Each_ranks_as_its_name_says()
    {
        var ids = Corpus.Documents.Select(d => d.Id).ToList();
        Assert.Equal(ids, Documents(Retriever(RetrieverType.CorpusOrder), "?"));
        Assert.Equal(ids.AsEnumerable().Reverse(), Documents(Retriever(RetrieverType.Constant), "?")); // all tie: by id, descending
        var longest = Corpus.Documents.OrderByDescending(d => d.Text.Length).ThenByDescending(d => d.Id, StringComparer.Ordinal).Select(d => d.Id);
        Assert.Equal(longest, Documents(Retriever(RetrieverType.Longest), "?"));
    }

    [Theory]
    [InlineData(RetrieverType.Constant)]
    [InlineData(RetrieverType.Longest)]
    [InlineData(RetrieverType.CorpusOrder)]
    [InlineData(RetrieverType.Random)]
    public void Scores_never_rise_down_the_ranking(RetrieverType type)
    {
        var scores = Retriever(type).Search("?", 100).Select(s => s.Score).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public void Random_depends_on_the_question_and_the_seed_and_not_on_what_was_asked_before()
    {
        var retriever = Retriever(RetrieverType.Random);
        var first = Documents(retriever, "first").ToList();
        var second = Documents(retriever, "second").ToList();
        Assert.NotEqual(first, second);
        Assert.Equal(first, Documents(retriever, "first"));
        Assert.Equal(second, Documents(Retriever(RetrieverType.Random), "second"));
        Assert.NotEqual(first, Documents(Retriever(RetrieverType.Random, seed: 4), "first"));
        Assert.Equal(Corpus.Documents.Select(d => d.Id), first.Order(StringComparer.Ordinal));
        Assert.Equal(first.Take(5), Documents(retriever, "first", depth: 5));
    }

    [Fact]
    public void Random_puts_every_document_first_about_as_often()
    {
        var retriever = Retriever(RetrieverType.Random);
        var firsts = Enumerable.Range(0, 3000).Select(i => Documents(retriever, $"question {i}", depth: 1).Single()).CountBy(d => d).ToDictionary();
        Assert.Equal(30, firsts.Count);
        Assert.All(firsts.Values, n => Assert.InRange(n, 50, 150)); // 100 expected, standard deviation 9.8
    }
}

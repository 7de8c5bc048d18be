using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class SplitsTests
{
    private static Question Q(int id, string? source = null, string? cluster = null, string? group = null, string? split = null) =>
        new() { Id = $"q{id}", Text = $"Question {id}?", Source = source, Cluster = cluster, Group = group, Split = split };

    private static Dataset Load(IEnumerable<Question> questions)
    {
        using var repository = new TinyRepository(questions);
        return repository.Data();
    }

    private static void AssertParted(IReadOnlyList<Question> questions, params Func<Question, IEnumerable<string?>>[] keys)
    {
        foreach (var key in keys)
            Assert.All(questions.SelectMany(q => key(q).OfType<string>().Select(k => (Key: k, q.Split))).GroupBy(x => x.Key), g => Assert.Single(g.Select(x => x.Split).Distinct()));
    }

    [Fact]
    public void No_cluster_document_or_group_is_in_both_splits()
    {
        var random = new RandomStream(5, 1);
        string? Pick(string kind, int n) => random.Below(3) == 0 ? $"{kind}{random.Below(n)}" : null;
        for (var round = 0; round < 25; round++)
        {
            var n = 10 + random.Below(60);
            var documents = TinyRepository.Documents.Keys.ToList();
            var questions = Enumerable.Range(0, n).Select(i => random.Below(8) == 0
                ? TinyRepository.Ask($"q{i}", "", "What?", "x", documents[random.Below(4)], "# ") with { Split = null, Cluster = Pick("c", n), Source = Pick("s", n) }
                : Q(i, Pick("s", n), Pick("c", n), Pick("g", n))).ToList();
            var data = Load(questions);
            Assert.All(data.Questions, q => Assert.True(q.Split is "dev" or "test"));
            if (!data.Notes[0].Contains("hang together"))
                AssertParted(data.Questions, q => [q.Cluster], q => [q.Group], q => [q.Source, .. q.Spans.Select(s => s.Document)]);
        }
    }

    [Fact]
    public void About_thirty_in_a_hundred_go_to_dev()
    {
        var random = new RandomStream(5, 2);
        for (var round = 0; round < 10; round++)
        {
            var questions = Load(Enumerable.Range(0, 300).Select(i => Q(i, $"{round}-{random.Below(60)}")).ToList()).Questions;
            Assert.InRange(questions.Count(q => q.Split == "dev") / 300.0, 0.25, 0.35);
        }
    }

    [Fact]
    public void The_split_depends_on_names_alone_and_is_announced()
    {
        var questions = Enumerable.Range(0, 40).Select(i => Q(i, $"s{i / 4}")).ToList();
        var (a, b) = (Load(questions), Load(questions.AsEnumerable().Reverse()));
        Assert.Equal(a.Questions.OrderBy(q => q.Id).Select(q => (q.Id, q.Split)), b.Questions.OrderBy(q => q.Id).Select(q => (q.Id, q.Split)));
        Assert.Contains("of 10 document clusters went to dev", Assert.Single(a.Notes));
    }

    [Fact]
    public void Questions_that_hang_together_are_split_one_by_one_and_a_note_says_so()
    {
        var data = Load(Enumerable.Range(0, 20).Select(i => Q(i, "one-document")).ToList());
        Assert.Equal(6, data.Questions.Count(q => q.Split == "dev"));
        Assert.Contains("hang together", Assert.Single(data.Notes));
    }

    [Fact]
    public void Two_clusters_give_one_to_each_split()
    {
        var questions = Load(Enumerable.Range(0, 20).Select(i => Q(i, i < 17 ? "large" : "small")).ToList()).Questions;
        Assert.All(questions, q => Assert.Equal(q.Source == "large" ? "test" : "dev", q.Split));
    }

    [Fact]
    public void Named_splits_are_untouched()
    {
        var data = Load(Enumerable.Range(0, 10).Select(i => Q(i, "one-document", split: i % 2 == 0 ? "dev" : "test")).ToList());
        Assert.All(data.Questions, q => Assert.Equal(int.Parse(q.Id[1..]) % 2 == 0 ? "dev" : "test", q.Split));
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void A_question_without_a_split_goes_where_its_cluster_was_put()
    {
        for (var round = 0; round < 5; round++)
        {
            var questions = Enumerable.Range(0, 40).Select(i => Q(i, $"{round}s{i % 10}", split: i < 10 ? i % 2 == 0 ? "dev" : "test" : null)).ToList();
            AssertParted(Load(questions).Questions, q => [q.Source]);
        }
    }
}

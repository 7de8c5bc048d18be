using System.Text.Json.Nodes;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;
using PortfolioProject.Metrics;
using PortfolioProject.Retrieval;

namespace PortfolioProject.Interchange.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("export").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CaseRecord Case(string id, string variant, string split, params (string Chunk, double Score)[] retrieved) => new()
    {
        Case = id,
        Variant = variant,
        Cluster = id,
        Outcome = "Correct",
        Tags = new Dictionary<string, string> { ["split"] = split },
        Detail = new JsonObject { ["retrieved"] = new JsonArray([.. retrieved.Select(r => (JsonNode)new JsonObject { ["chunk"] = r.Chunk, ["score"] = r.Score })]) },
    };

    [Fact]
    public void Scoring_an_exported_run_gives_the_metrics_of_its_cases()
    {
        Dictionary<string, IReadOnlyDictionary<string, int>> qrels = new()
        {
            ["q1"] = new Dictionary<string, int> { ["a"] = 1, ["c"] = 2 },
            ["q2"] = new Dictionary<string, int> { ["b"] = 1 },
            ["q3"] = new Dictionary<string, int> { ["a"] = 1 },
        };
        CaseRecord[] cases =
        [
            Case("q1", "bm25", "test", ("b#0", 2), ("a#1", 1.5), ("c#0", 1.5), ("a#0", 0.1 + 0.2)), // a and c tie: c first
            Case("q2", "bm25", "test"),
            Case("q3", "bm25", "dev", ("b#0", 1), ("a#0", 1)),
            Case("q4", "bm25", "test", ("a#0", 1)), // nobody judged it
            Case("q1", "other", "test", ("a#0", 1)),
        ];
        var corpus = new Corpus([new("a", "A", "x"), new("b", "B", "y"), new("c", "C", "z")]);
        var data = new Dataset("data/x", corpus, [], qrels, [], []);
        TrecFormat.Export(new Operand(new Run(_folder, null!, cases, []), null), data, _folder);
        Assert.Equal("q1 Q0 b 1 2 bm25\nq1 Q0 c 2 1.5 bm25\nq1 Q0 a 3 1.4999999999999998 bm25\nq3 Q0 b 1 1 bm25\nq3 Q0 a 2 0.9999999999999999 bm25\nq4 Q0 a 1 1 bm25\n", File.ReadAllText(Path.Combine(_folder, "bm25.run")));

        var measure = RankingMeasures.Parse("ndcg@10");
        var expected = new[] { JudgedRanking.Join([("b", 2), ("a", 1.5), ("c", 1.5)], qrels["q1"]), JudgedRanking.Join([], qrels["q2"]) }.Average(measure.Score);
        Assert.Equal(expected, TrecScorer.Score(Path.Combine(_folder, "bm25.run"), Path.Combine(_folder, "test.qrels"), [measure]).Mean["ndcg@10"], 1e-15);
        Assert.Equal(3, TrecScorer.Score(Path.Combine(_folder, "bm25.run"), Path.Combine(_folder, "all.qrels"), [measure]).Queries.Count);
        Assert.True(File.Exists(Path.Combine(_folder, "other.run")));
    }
}

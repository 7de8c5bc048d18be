using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Evidence;
using PortfolioProject.Metrics;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class TrecScorerTests : IDisposable
{
    private static readonly string[] Measures = ["ndcg", "ndcg@5", "ndcg@10", "map", "mrr", "p@5", "recall@5", "success@5", "rprec"];
    private readonly string _folder = Directory.CreateTempSubdirectory("trec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Save(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private TrecScores Score(string run, string qrels, bool compat = false, bool ties = false, params string[] measures) =>
        TrecScorer.Score(Save("run", run), Save("qrels", qrels), [.. (measures.Length > 0 ? measures : Measures).Select(RankingMeasures.Parse)], compat, ties);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_runs_score_as_in_a_naive_reference_with_ties_missing_topics_and_astral_ids(bool compat)
    {
        string[] ids = ["a", "b", "B", "doc-10", "doc-9", "é", "\uFF5E", "\U0001F600", "\U0001F600x", "\uE000", "z"];
        var ranked = Gen.SubListOf(ids).SelectMany(docs => Gen.Choose(0, 3).ArrayOf(docs.Count).Select(s => docs.Zip(s)));
        var judged = Gen.SubListOf(ids).SelectMany(docs => Gen.Choose(-2, 3).ArrayOf(docs.Count).Select(s => docs.Zip(s)));
        Prop.ForAll(ranked.ArrayOf(4).Zip(judged.ArrayOf(4)).ToArbitrary(), both =>
        {
            var run = string.Concat(both.Item1.SelectMany((docs, t) => docs.Select(d => $"{t + 1}\tQ0 {d.First} 7 {d.Second / 10.0} tag\r\n")));
            var qrels = string.Concat(both.Item2.SelectMany((docs, t) => docs.Select(d => $"{t} 0  {d.First}\t{d.Second}\n")));
            TrecScores scores;
            try { scores = Score(run, qrels, compat); }
            catch (UserError) { return TrecEvalReference.Score(run, qrels, compat).Count == 0; }
            var reference = TrecEvalReference.Score(run, qrels, compat);
            return Measures.All(m => Math.Abs(reference[m] - scores.Mean[m]) < 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_rank_column_is_ignored_and_scores_are_compared_as_doubles()
    {
        var scores = Score("q1 Q0 bad 1 0.30000000000000001 t\nq1 Q0 good 2 0.30000000000000004 t\n", "q1 0 good 1\n", measures: "mrr");
        Assert.Equal(1, scores.Mean["mrr"]);
    }

    [Fact]
    public void Every_judged_query_counts_and_one_without_a_relevant_document_is_excluded_by_name()
    {
        var scores = Score("q1 Q0 a 1 2 t\nq4 Q0 a 1 2 t\nq3 Q0 x 1 1 t\n", "q1 0 a 1\nq2 0 b 2\nq3 0 x 0\nq5 0 y -1\n", measures: "mrr");
        Assert.Equal(0.5, scores.Mean["mrr"]);
        Assert.Equal(["q1", "q2"], scores.Queries.Keys);
        Assert.Equal(["q2"], scores.Empty);
        Assert.Equal(["q3"], scores.Excluded);
        Assert.Equal(["q4"], scores.Unjudged);
    }

    [Fact]
    public void Trec_compat_counts_topics_in_both_files_and_one_without_a_relevant_document_as_zero()
    {
        var scores = Score("q1 Q0 a 1 2 t\nq4 Q0 a 1 2 t\nq3 Q0 x 1 1 t\n", "q1 0 a 1\nq2 0 b 2\nq3 0 x 0\n", compat: true, measures: "mrr");
        Assert.Equal(["q1", "q3"], scores.Queries.Keys);
        Assert.Equal(0.5, scores.Mean["mrr"]);
    }

    [Fact]
    public void A_run_that_is_not_grouped_by_topic_scores_as_its_grouped_form()
    {
        const string Qrels = "q1 0 a 1\nq1 0 c 2\nq2 0 b 1\n";
        var grouped = Score("q1 Q0 a 1 3 t\nq1 Q0 b 2 2 t\nq1 Q0 c 3 1 t\nq2 Q0 a 1 3 t\nq2 Q0 b 2 2 t\n", Qrels);
        var mixed = Score("q1 Q0 b 2 2 t\nq2 Q0 b 2 2 t\nq1 Q0 a 1 3 t\nq2 Q0 a 1 3 t\nq1 Q0 c 3 1 t\n", Qrels);
        Assert.Equal(ScoreVerb.Json(grouped, perQuery: true), ScoreVerb.Json(mixed, perQuery: true));
        var error = Assert.Throws<UserError>(() => Score("q1 Q0 a 1 3 t\nq2 Q0 a 1 3 t\nq1 Q0 a 2 2 t\n", Qrels));
        Assert.Equal((3, "the document of line 1"), (error.Line, error.Got));
    }

    [Fact]
    public void Comments_blank_lines_a_byte_order_mark_and_crlf_are_accepted()
    {
        var scores = Score("\uFEFF# a run\r\n\r\nq1 Q0 a 1 2 t extra fields\r\n   \r\n  # more\r\nq1\tQ0\t b 2 1e0 t", "\uFEFFq1 0 b 1\n\n# done\n", measures: "mrr");
        Assert.Equal(0.5, scores.Mean["mrr"]);
    }

    [Fact]
    public void The_tie_report_says_how_many_queries_an_order_of_ties_decides()
    {
        var scores = Score("q1 Q0 a 1 1 t\nq1 Q0 b 2 1 t\nq2 Q0 a 1 2 t\nq2 Q0 b 2 1 t\nq3 Q0 x 1 1 t\nq3 Q0 y 1 1 t\n", "q1 0 a 1\nq2 0 a 1\nq3 0 z 1\n", ties: true, measures: "mrr");
        Assert.Equal(1, scores.Ties!.Changeable);
        Assert.Equal(new TieRange(1.5 / 3, 1.75 / 3, 2.0 / 3), scores.Ties.Means["mrr"]);
    }

    [Fact]
    public void The_json_holds_the_mean_and_per_query_values_and_nothing_else()
    {
        var scores = Score("q1 Q0 a 1 2 t\nq1 Q0 b 1 1 t\n", "q1 0 b 1\nq2 0 b 1\n", measures: ["mrr", "p@5"]);
        Assert.Equal("{\"mean\":{\"mrr\":0.25,\"p@5\":0.1}}\n", ScoreVerb.Json(scores, perQuery: false));
        Assert.Equal("{\"mean\":{\"mrr\":0.25,\"p@5\":0.1},\"queries\":{\"q1\":{\"mrr\":0.5,\"p@5\":0.2},\"q2\":{\"mrr\":0,\"p@5\":0}}}\n", ScoreVerb.Json(scores, perQuery: true));
        Assert.Equal("         mrr     p@5\nq1    0.5000  0.2000\nq2    0.0000  0.0000\nmean  0.2500  0.1000\n", ScoreVerb.Table(scores, perQuery: true));
        Assert.Equal("2 queries counted\n1 of them without any result, scored 0: q2\n", ScoreVerb.Notes(scores));
    }

    [Theory]
    [InlineData("q1 Q0 a 1 x t\n", 1, 11, "a finite number as score", "\"x\"")]
    [InlineData("# run\nq1 Q0 a 1 NaN t\n", 2, 11, "a finite number as score", "\"NaN\"")]
    [InlineData("q1 Q0 a 1 1e999 t\n", 1, 11, "a finite number as score", "\"1e999\"")]
    [InlineData("q1 Q0 a 1 2 t\nq1 Q0 b 1 2\n", 2, 11, "topic Q0 document rank score tag", "only 5 of 6 fields")]
    [InlineData("q1 Q0 a 1 2 t\nq2 Q0 b\uFFFD 1 2 t\n", 2, 8, "UTF-8 text", "bytes that no UTF-8 text holds")]
    [InlineData("q1 Q0 a 1 2 t\n\nq1 Q0 a 2 1 t\n", 3, null, "each document at most once a topic", "the document of line 1")]
    public void A_malformed_run_is_an_error_with_line_and_column(string run, int line, int? column, string expected, string got)
    {
        var error = Assert.Throws<UserError>(() => Score(run, "q1 0 a 1\n"));
        Assert.Equal((Path.Combine(_folder, "run"), line, column, expected, got), (error.File, error.Line!.Value, error.Column, error.Expected, error.Got));
    }

    [Theory]
    [InlineData("q1 0 a 1.5\n", 1, 8, "a whole number from -1000 to 1000 as grade", "\"1.5\"")]
    [InlineData("q1 0 a\n", 1, 6, "topic iteration document grade", "only 3 of 4 fields")]
    [InlineData("q1 0 a 1 x\n", 1, 8, "topic iteration document grade", "more fields")]
    [InlineData("q1 0 a 1\nq1 0 a 0\n", 2, 6, "each document judged once for topic q1 (it was on line 1)", "\"a\"")]
    public void Malformed_judgements_are_an_error_with_line_and_column(string qrels, int line, int column, string expected, string got)
    {
        var error = Assert.Throws<UserError>(() => Score("q1 Q0 a 1 2 t\n", qrels));
        Assert.Equal((Path.Combine(_folder, "qrels"), line, column, expected, got), (error.File, error.Line!.Value, error.Column!.Value, error.Expected, error.Got));
    }

    [Fact]
    public void Empty_and_missing_files_have_clear_outcomes()
    {
        Assert.Equal("none", Assert.Throws<UserError>(() => Score("q1 Q0 a 1 2 t\n", "")).Got);
        Assert.Equal("a query with a relevant document", Assert.Throws<UserError>(() => Score("q1 Q0 a 1 2 t\n", "q1 0 a 0\n")).Expected);
        Assert.Equal("a topic that is in the run and in the judgements", Assert.Throws<UserError>(() => Score("", "q1 0 a 1\n", compat: true)).Expected);
        Assert.Equal("no such file", Assert.Throws<UserError>(() => TrecScorer.Score(Path.Combine(_folder, "none"), Save("q", "q1 0 a 1\n"), [])).Got);
        Assert.Equal("a folder", Assert.Throws<UserError>(() => TrecQrels.Read(_folder)).Got);
        var empty = Score("", "q1 0 a 1\n", measures: "map");
        Assert.Equal(0, empty.Mean["map"]);
        Assert.Contains("warning: the run has no result for any judged query", ScoreVerb.Notes(empty), StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_run_is_strictly_decreasing_and_reads_back_in_the_same_order()
    {
        var score = Gen.Elements(1.0, 0.1 + 0.2, 0.3, 0.0, -1e-300, double.Epsilon, 1e300, 1 / 3.0);
        Prop.ForAll(score.ArrayOf(8).ToArbitrary(), scores =>
        {
            var results = scores.Select((s, i) => ($"d{i}", s)).ToList();
            var file = Path.Combine(_folder, "written");
            TrecRun.Write(file, [("q1", results)], "tag");
            var read = Assert.Single(TrecRun.Read(file)).Results;
            return read.Select(r => r.Id).SequenceEqual(JudgedRanking.Join(results, new Dictionary<string, int>()).Documents.Select(d => d.Id))
                && read.Zip(read.Skip(1)).All(p => p.First.Score > p.Second.Score)
                && File.ReadAllLines(file).Select((l, i) => (l, i)).All(l => l.l.Split(' ')[3] == (l.i + 1).ToString(CultureInfo.InvariantCulture));
        }).QuickCheckThrowOnFailure();
        Assert.Throws<UserError>(() => TrecRun.Write(Path.Combine(_folder, "bad"), [("q1", [("a b", 1)])], "tag"));
    }

    [Fact]
    public void Written_judgements_read_back_the_same()
    {
        var qrels = new Dictionary<string, IReadOnlyDictionary<string, int>> { ["q2"] = new Dictionary<string, int> { ["b"] = -1, ["a"] = 2 }, ["q1"] = new Dictionary<string, int> { ["é"] = 0 } };
        TrecQrels.Write(Path.Combine(_folder, "out"), qrels);
        Assert.Equal("q1 0 é 0\nq2 0 a 2\nq2 0 b -1\n", File.ReadAllText(Path.Combine(_folder, "out")));
        Assert.Equivalent(qrels, TrecQrels.Read(Path.Combine(_folder, "out")), strict: true);
    }
}

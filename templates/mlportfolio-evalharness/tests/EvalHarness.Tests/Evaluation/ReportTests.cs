using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ReportTests
{
    /// <summary>A run with these outcomes instead of its own: the systems and worths of the tiny repository, ten test cases a system.</summary>
    private static Run With(Run run, params (string System, Outcome Outcome, int Count)[] outcomes)
    {
        var worth = ReportModelWorth;
        return run with
        {
            Cases = [.. outcomes.GroupBy(o => o.System).SelectMany(system => system.SelectMany(o => Enumerable.Repeat(o.Outcome, o.Count)).Select((outcome, i) => new CaseRecord
            {
                Case = $"q{i:00}", Variant = system.Key, Cluster = $"d{i % 5}", Outcome = $"{outcome}",
                Tags = new Dictionary<string, string> { ["split"] = "test", ["type"] = i < 4 ? "table" : "date", ["answerable"] = "yes" },
                Values = new Dictionary<string, double> { ["utility"] = worth.Of(outcome), ["accuracy"] = Grader.IsRight(outcome) ? 1 : 0 },
                Detail = new JsonObject { ["confidence"] = i / 10.0, ["question"] = $"Question {i}?", ["answer"] = outcome == Outcome.OverAbstention ? null : "x" },
            }))],
        };
    }

    private static readonly UtilityConfig ReportModelWorth = new() { Correct = 1, Partial = 0.5, Incorrect = -0.5, CorrectAbstention = 0.5, OverAbstention = -0.25, Hallucination = -1 };

    private static JsonObject Model(Run run) => ReportModel.Of(run, HarnessPortfolio.Measure(run));

    private static string Page(TinyRepository repository, Run run, Run? sweep = null) => File.ReadAllText(HtmlReport.Write(HarnessPortfolio.Create(repository.Root), run, sweep));

    [Fact]
    public void The_best_system_is_the_best_that_is_no_null_system()
    {
        using var repository = new TinyRepository();
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 3), ("bm25", Outcome.Incorrect, 7), ("null-abstain", Outcome.CorrectAbstention, 10), ("null-random", Outcome.Incorrect, 10));
        var metrics = HarnessPortfolio.Measure(run);
        Assert.Equal(["null-abstain", "bm25", "null-random"], ReportModel.Ranked(run, metrics));
        Assert.Equal("bm25", ReportModel.Best(run, metrics));
        Assert.Contains("won by null system null-abstain", metrics.Find("utility", "bm25")!.Flag);
        Assert.Equal(["utility", "accuracy"], Model(run)["nullWins"]!.AsArray().Select(w => (string?)w!["metric"]));
        Assert.All(Model(run)["nullWins"]!.AsArray(), w => Assert.Equal("null-abstain", (string?)w!["system"]));
    }

    [Fact]
    public void A_metric_that_a_real_system_wins_is_not_flagged()
    {
        using var repository = new TinyRepository();
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 10), ("null-abstain", Outcome.OverAbstention, 10));
        Assert.Empty(Model(run)["nullWins"]!.AsArray());
        Assert.DoesNotContain("null system", HarnessPortfolio.Measure(run).Find("utility", "null-abstain")!.Flag);
    }

    [Fact]
    public void The_price_of_a_hallucination_decides_who_wins()
    {
        using var repository = new TinyRepository();
        // Bold: (6 + 4h) / 10. Shy: (3·1 − 3·0.25 + 4·0.5) / 10 = 0.425. Bold wins for h above −0.4375.
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 6), ("bm25", Outcome.Hallucination, 4),
            ("shy", Outcome.Correct, 3), ("shy", Outcome.OverAbstention, 3), ("shy", Outcome.CorrectAbstention, 4));
        var rows = Model(run)["sensitivity"]!.AsArray().Select(r => ((double)r!["cost"]!, (string)r["winner"]!, Math.Round((double)r["utility"]!, 12), (string)r["second"]!, Math.Round((double)r["secondUtility"]!, 12)));
        Assert.Equal([(0, "bm25", 0.6, "shy", 0.425), (-0.5, "shy", 0.425, "bm25", 0.4), (-1, "shy", 0.425, "bm25", 0.2),
            (-2, "shy", 0.425, "bm25", -0.2), (-4, "shy", 0.425, "bm25", -1), (-8, "shy", 0.425, "bm25", -2.6)], rows);
    }

    [Fact]
    public void Failures_come_most_confident_first_and_of_the_asked_outcomes_only()
    {
        using var repository = new TinyRepository();
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 2), ("bm25", Outcome.Incorrect, 2), ("bm25", Outcome.OverAbstention, 1), ("bm25", Outcome.Hallucination, 1));
        Assert.Equal(["q05", "q03", "q02"], ReportModel.Failures(run, "bm25", Outcome.Incorrect, Outcome.Hallucination).Select(c => c.Case));
        Assert.Equal(["q04"], ReportModel.Failures(run, "bm25", Outcome.OverAbstention).Select(c => c.Case));
    }

    [Fact]
    public void Slices_under_ten_questions_are_marked_small()
    {
        using var repository = new TinyRepository();
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 4), ("bm25", Outcome.Incorrect, 10));
        var slices = Model(run)["slicesByType"]!.AsArray().Select(s => ((string)s!["name"]!, (int)s["n"]!, (bool)s["small"]!, (double)s["accuracy"]!["value"]!));
        Assert.Equal([("type=date", 10, false, 0), ("type=table", 4, true, 1)], slices);
    }

    [Fact]
    public void The_table_has_the_best_system_first_its_interval_and_a_mark_on_what_a_null_system_wins()
    {
        using var repository = new TinyRepository();
        var run = With(repository.Run(), ("bm25", Outcome.Correct, 3), ("bm25", Outcome.Incorrect, 7), ("null-abstain", Outcome.CorrectAbstention, 10));
        var lines = Summary.Lines(run, HarnessPortfolio.Measure(run));
        Assert.Equal(["system", "utility", "accuracy"], lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(c => c.Trim()));
        Assert.Matches(@"^null-abstain +0\.500 \[0\.500, 0\.500\]\* +1\.000\*$", lines[2]);
        Assert.Matches(@"^bm25 +-0\.050 \[-\d\.\d{3}, \d\.\d{3}\]\* +0\.300\*$", lines[3]);
    }

    [Fact]
    public void Without_gold_answers_systems_are_ranked_by_their_documents_and_nothing_is_invented()
    {
        using var repository = new TinyRepository(TinyRepository.Questions().Where(q => q.Answerable).Select(q => q with { Answers = null }));
        var run = repository.Run();
        var metrics = run.LoadMetrics();
        Assert.All(run.Cases, c => Assert.Equal("Unscored", c.Outcome));
        Assert.Equal("ndcg@10", ReportModel.Leading(metrics).Name);
        Assert.Equal("bm25", ReportModel.Ranked(run, metrics)[0]);
        Assert.Equal(1.0, metrics.Find("ndcg@10", "bm25")!.Value);
        Assert.Equal((null, 3), (metrics.Find("accuracy", "bm25")!.Value, metrics.Find("accuracy", "bm25")!.Unscored));
        Assert.DoesNotContain("utility", Summary.Lines(run, metrics)[0]);
        Assert.DoesNotContain("NaN", ReportModel.Of(run, metrics).ToJsonString());
        var html = Page(repository, run);
        Assert.DoesNotContain("NaN<", html);
        Assert.Contains("Best by ndcg@10: <strong>bm25</strong>", html);
    }

    [Fact]
    public void A_run_of_null_systems_alone_has_a_report_too()
    {
        using var repository = new TinyRepository();
        File.Delete(Path.Combine(repository.Root, "configs/systems/bm25.yaml"));
        var config = Path.Combine(repository.Root, "configs/run.yaml");
        File.WriteAllText(config, File.ReadAllText(config).Replace("baseline: bm25", "baseline: null-random"));
        var run = repository.Run();
        Assert.Equal(["systems.svg"], ReportCharts.Of(run).Keys);
        Assert.Contains("null-abstain", Page(repository, run));
    }

    [Fact]
    public void The_page_needs_no_network()
    {
        using var repository = new TinyRepository();
        var html = Page(repository, repository.Run(), repository.Evaluation().ExecuteSweep("sweep", false, (_, _) => { }, CancellationToken.None));
        Assert.DoesNotMatch(@"https?://|@import|<link|<iframe", html);
        Assert.All(Regex.Matches(html, @"(?:src|href|url)\s*[=(]\s*[""']?(.{5})"), m => Assert.True(m.Groups[1].Value is "data:" || m.Groups[1].Value[0] == '#', m.Value));
        Assert.Equal(3, Regex.Count(html, "<img "));
        foreach (var title in (string[])["Systems", "Against the baseline, bm25", "Where it fails", "Slices of", "Chunk sweep", "Latency and cost", "Provenance"]) Assert.Contains(title, html);
    }

    [Fact]
    public void What_questions_answers_and_systems_say_is_escaped()
    {
        const string Script = "<script>alert(1)</script>";
        using var repository = new TinyRepository(TinyRepository.Questions().Append(TinyRepository.Decline("q9", "test", $"Which {Script} word is on the north boiler?", "boilers")));
        repository.Write("data/tiny/corpus/words.md", $"# Words\n\nThe word on the north boiler is {Script} and nothing else.\n");
        repository.Write("configs/systems/bm25.yaml", "name: bm25\nabout: 'A \"test\" <b>system</b>.'\nchunker: { type: sentence, size: 120 }\nretriever: { type: bm25 }\nreader: { type: extractive }\n");
        var run = repository.Run();
        Assert.Contains(Script, (string?)run.Cases.Single(c => (c.Variant, c.Case) == ("bm25", "q9")).Detail!["answer"]);
        var html = Page(repository, run);
        Assert.DoesNotContain(Script, html);
        Assert.InRange(Regex.Count(html, Regex.Escape("&lt;script&gt;alert(1)&lt;/script&gt;")), 2, int.MaxValue);
        Assert.Single(Regex.Matches(html, "<script"));
        Assert.Contains("title=\"A &quot;test&quot; &lt;b&gt;system&lt;/b&gt;.\"", html);
    }
}

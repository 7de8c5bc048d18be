using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class EvaluationRunTests
{
    private static string Cases(Run run) => File.ReadAllText(Path.Combine(run.Folder, "cases.jsonl"));

    [Fact]
    public void Every_system_answers_every_question_once()
    {
        using var repository = new TinyRepository();
        var run = repository.Run();
        Assert.Equal(3 * 8, run.Cases.Count);
        Assert.Equal(24, run.Cases.Select(c => (c.Variant, c.Case)).Distinct().Count());
        Assert.All(run.Cases, c => Assert.True(Enum.TryParse<Outcome>(c.Outcome, out _), c.Outcome));
    }

    [Fact]
    public void The_plain_system_answers_what_one_sentence_says()
    {
        using var repository = new TinyRepository();
        var outcome = repository.Run("systems=configs/systems").Cases.Where(c => c.Variant == "bm25").ToDictionary(c => c.Case, c => c.Outcome);
        Assert.Equal("Correct", outcome["q5"]);
        Assert.Equal("Correct", outcome["q6"]);
    }

    [Fact]
    public void A_threshold_is_tuned_on_dev_and_knows_nothing_of_the_test_split()
    {
        double? Tuned(string? spoiled)
        {
            using var repository = new TinyRepository(TinyRepository.Questions().Select(q => q.Split == spoiled && q.Answerable ? q with { Answers = ["what no document says"] } : q));
            return repository.Evaluation().Prepare((_, _) => { }, CancellationToken.None).Single(s => s.Config.Name == "bm25").Threshold;
        }

        Assert.Equal(Tuned(null), Tuned("test"));
        Assert.NotEqual(Tuned(null), Tuned("dev"));
    }

    [Fact]
    public void One_seed_gives_one_sequence_of_bytes_on_one_thread_or_two()
    {
        using var repository = new TinyRepository();
        Assert.Equal(Cases(repository.Run("threads=1")), Cases(repository.Run("threads=2")));
    }

    [Fact]
    public void Another_seed_gives_other_cases_to_the_random_system()
    {
        using var repository = new TinyRepository();
        Assert.NotEqual(Cases(repository.Run()), Cases(repository.Run("seed=8")));
    }

    [Fact]
    public void A_killed_run_goes_on_without_losing_or_doubling_a_case()
    {
        using var repository = new TinyRepository();
        var whole = Cases(repository.Run());
        using var stop = new CancellationTokenSource();
        var answered = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => repository.Evaluation("threads=1", "resamples=201").Execute("run", null, false,
            (what, _) => { if (what.StartsWith("asking") && ++answered == 5) stop.Cancel(); }, stop.Token));
        var folder = Directory.GetDirectories(Path.Combine(repository.Root, "runs")).Single(f => !File.Exists(Path.Combine(f, "metrics.json")));
        File.AppendAllText(Path.Combine(folder, "cases.jsonl"), """{"case":"q1","variant":"bm""");
        var resumed = repository.Evaluation("threads=1", "resamples=201").Execute("run", null, true, (_, _) => { }, CancellationToken.None);
        Assert.Equal(folder, resumed.Folder);
        Assert.Equal(whole, Cases(resumed));
    }

    [Fact]
    public void Shards_join_to_the_bytes_of_the_whole_run()
    {
        using var repository = new TinyRepository();
        var shards = Enumerable.Range(1, 3).Select(i => repository.Evaluation().Execute("run", new Shard(i, 3), false, (_, _) => { }, CancellationToken.None)).ToList();
        Assert.Equal(Cases(repository.Run()), Cases(RunStore.Merge(repository.Root, shards, HarnessPortfolio.Measure)));
    }

    [Fact]
    public void The_sweep_measures_every_chunking_on_every_test_question_with_evidence()
    {
        using var repository = new TinyRepository();
        var sweep = repository.Evaluation().ExecuteSweep("sweep", false, (_, _) => { }, CancellationToken.None);
        Assert.Equal(["fixed-60", "sentence-120"], sweep.Variants);
        Assert.Equal(2 * 3, sweep.Cases.Count);
        Assert.All(sweep.Cases, c => Assert.InRange(c.Values["recall@200chars"], c.Values["recall@60chars"], 1));
    }

    [Fact]
    public void A_killed_sweep_goes_on_and_asks_nothing_twice()
    {
        using var repository = new TinyRepository();
        var whole = Cases(repository.Evaluation("threads=1").ExecuteSweep("sweep", false, (_, _) => { }, CancellationToken.None));
        using var stop = new CancellationTokenSource();
        var asked = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => repository.Evaluation("threads=1", "resamples=201").ExecuteSweep("sweep", false,
            (_, _) => { if (++asked == 2) stop.Cancel(); }, stop.Token));
        var resumed = repository.Evaluation("threads=1", "resamples=201").ExecuteSweep("sweep", true, (_, _) => asked++, CancellationToken.None);
        Assert.Equal(2 * 3, asked);
        Assert.Equal(whole, Cases(resumed));
    }

    [Fact]
    public void A_metric_that_silence_wins_is_flagged()
    {
        using var repository = new TinyRepository();
        var run = repository.Run();
        Assert.Contains("null-abstain", run.LoadMetrics().Find("hallucination", "bm25")!.Flag);
    }

    [Fact]
    public void Questions_on_which_nothing_can_be_measured_still_end_with_a_report()
    {
        using var repository = new TinyRepository(Enumerable.Range(1, 6).Select(i => new Question { Id = $"{i}", Text = $"Hello {i}?" }));
        var run = repository.Run();
        var page = File.ReadAllText(HtmlReport.Write(HarnessPortfolio.Create(repository.Root), run, null));
        Assert.All(run.Cases, c => Assert.Equal("Unscored", c.Outcome));
        Assert.Contains("not measured", page);
    }

    [Fact]
    public void A_baseline_that_is_no_system_is_refused()
    {
        using var repository = new TinyRepository();
        var error = Assert.Throws<UserError>(() => repository.Evaluation("baseline=bm26"));
        Assert.Contains("bm25", error.Message);
        Assert.Contains("bm26", error.Message);
    }
}

namespace PortfolioProject.Upkeep.Tests;

public sealed class ScoreTests
{
    private static double Earned(Diagnosis d, string area) => d.Scores.Single(a => a.Area == area).Earned;

    [Fact]
    public void There_are_28_tests_in_four_areas_and_five_ticks()
    {
        using var sample = new Sample();
        var scores = sample.Diagnose().Scores;
        Assert.Equal([("data", 7), ("model", 7), ("infrastructure", 7), ("monitoring", 7), ("completeness", 5)], scores.Select(a => (a.Area, a.Items.Count)));
        Assert.All(scores, a => Assert.Equal(a.Items.Count, a.Of));
        Assert.Equal(33, scores.SelectMany(a => a.Items).Select(i => i.Item).Distinct().Count());
    }

    [Fact]
    public void An_owner_who_has_done_everything_has_nearly_every_point_and_each_names_its_evidence()
    {
        using var sample = new Sample();
        var d = sample.Diagnose();
        Assert.Equal([], d.Scores.SelectMany(a => a.Items).Where(i => i.Points == 0).Select(i => i.Item));
        Assert.Equal((6.5, 5.5, 6.5, 7.0, 5.0), (Earned(d, "data"), Earned(d, "model"), Earned(d, "infrastructure"), Earned(d, "monitoring"), Earned(d, "completeness")));
        foreach (var item in d.Scores.SelectMany(a => a.Items))
            Assert.All(item.Evidence.Split(", "), e => Assert.True(File.Exists(sample.FullPath(e.Split(':')[0])), $"{item.Item}: {e}"));
    }

    [Fact]
    public void What_came_with_the_template_earns_nothing()
    {
        using var sample = new Sample(committed: false);
        foreach (var file in new[] { "tests/NewTests.cs", "tests/TrialAndSwapAndDriftTests.cs", "models/mine.safetensors", "docs/decisions/0005-try.md" }) File.Delete(sample.FullPath(file));
        sample.Write("README.md", $"# Sample\n\n{Sample.Theirs}\n");
        sample.Write("configs/run.yaml", "seed: 7\n");
        sample.Write("results/main/run.json", Sample.Run.Replace("20990101T000000Z-0000aaaa", "20260101T000000Z-theirs").Replace("bbbb", "aaaa"));
        sample.Write(ShippedList.Path, File.ReadAllText(sample.FullPath(ShippedList.Path)) + $"file {ShippedList.HashOfFile(File.ReadAllText(sample.FullPath("configs/gates.yaml")))} configs/gates.yaml\n");
        var d = sample.Diagnose();
        Assert.Equal([("data", 0), ("model", 0), ("infrastructure", 0), ("monitoring", 0), ("completeness", 1)], d.Scores.Select(a => (a.Area, a.Earned)));
        Assert.Equal([], d.Steps.Where(s => s.Done).Select(s => s.Step));
    }

    [Fact]
    public void A_decision_that_rests_on_the_runs_of_the_template_is_not_counted()
    {
        using var sample = new Sample();
        sample.Edit("results/main/run.json", "20990101T000000Z-0000aaaa", "20260101T000000Z-theirs");
        Assert.Contains("a decision with origin: owner", sample.Diagnose().Steps.Single(s => s.Step == "decisions").Todo);
    }

    [Fact]
    public void What_is_not_committed_repeats_nothing_so_half_points_are_left()
    {
        using var sample = new Sample(committed: false);
        var d = sample.Diagnose();
        Assert.All(d.Scores.Where(a => a.Area != "completeness").SelectMany(a => a.Items), i => Assert.Equal(0.5, i.Points));
    }

    [Fact]
    public void Every_step_is_seen_done_and_each_is_undone_by_what_it_asks_for()
    {
        using var sample = new Sample();
        Assert.Equal(["run", "data", "system", "decisions", "deploy", "memo"], sample.Diagnose().Steps.Where(s => s.Done).Select(s => s.Step));
        sample.Edit("README.md", "## What broke", "## What held");
        sample.Edit("results/main/run.json", "bbbb", "aaaa");
        File.Delete(sample.FullPath("tests/NewTests.cs"));
        File.Delete(sample.FullPath("tests/TrialAndSwapAndDriftTests.cs"));
        sample.Edit("docs/decisions/0005-try.md", "origin: owner", "origin: template");
        sample.Edit(".github/workflows/ci.yml", "schedule:", "push:");
        sample.Edit("README.md", "## Limits\n", $"## Limits\n\n{Sample.Theirs}\n\n{Sample.Theirs}\n");
        var steps = sample.Diagnose().Steps;
        Assert.Equal([], steps.Where(s => s.Done).Select(s => s.Step));
        Assert.Equal("break a gate on purpose, and write what you saw under \"What broke\"", steps[0].Todo);
        Assert.Equal("README.md: 2 of 12 passages are the template's", steps[^1].Todo);
    }
}

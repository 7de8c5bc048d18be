namespace PortfolioProject.Upkeep.Tests;

public sealed class DefenceTests
{
    [Theory]
    [InlineData("accuracy of `good` is 0.812 [0.700, 0.900], over 60 cases", "results/main/metrics.json")]
    [InlineData("accuracy of `good` is 0.812 overall and 0.410 [0.200, 0.600] at shift=night (n 20)", "results/main/metrics.json")]
    [InlineData("\"Try 2\" moved accuracy by +0.220 [-0.010, 0.300]: no evidence", "docs/decisions/0002-try.md")]
    [InlineData("\"Try 5\" made accuracy better by +0.250 [-0.010, 0.300]", "docs/decisions/0005-try.md")]
    [InlineData("\"bad\" reads not measured", "README.md:9")]
    [InlineData("The slowest stage is read of `good`: p50 1.5 ms, p99 42.5 ms", "results/main/latency.json")]
    [InlineData("accuracy of `good` may get worse by 0.02 and still pass", "configs/gates.yaml")]
    [InlineData("configs/gates.yaml is named 0 times in tests", "configs/gates.yaml")]
    [InlineData("No test names Ranker, 18 bytes of code", "src/Core/Ranker.cs")]
    [InlineData("The largest file is data/mine.csv, 0.1 MB", "data/mine.csv")]
    public void Questions_come_from_the_weak_spots_with_their_numbers_and_files(string says, string file)
    {
        using var sample = new Sample(committed: false);
        sample.Write("src/Core/Ranker.cs", "class Ranker { }\n\n");
        sample.Write("tests/NewTests.cs", "public class NewTests; // configs/run.yaml: run\n");
        sample.Write("data/mine.csv", new string('1', 100_000));
        Assert.Contains(Defence.Of(new Snapshot(sample.Root)), q => q.Text.Contains(says, StringComparison.Ordinal) && q.LookAt == file);
    }

    [Fact]
    public void A_claim_that_failed_a_decision_for_the_worse_and_a_flag_are_asked_about()
    {
        using var sample = new Sample();
        sample.Edit("docs/decisions/0003-try.md", "**better**", "**worse**");
        sample.Edit("docs/decisions/0005-try.md", "origin: owner", "origin: template");
        sample.Edit("README.md", "| bad | not measured |", "| **C4** | Belkin | The norm peaks. | **not reproduced** | 0 of 8 |");
        sample.Edit("results/main/metrics.json", "\"value\":0.8123", "\"flag\":\"few clusters\",\"value\":0.8123");
        var questions = Defence.Of(new Snapshot(sample.Root)).Select(q => q.Text).ToList();
        Assert.Contains(questions, q => q.StartsWith("\"Try 3\" made accuracy worse by +0.230", StringComparison.Ordinal));
        Assert.Contains(questions, q => q.StartsWith("None of 5 decisions is yours. \"Try 1\" made accuracy better", StringComparison.Ordinal));
        Assert.Contains(questions, q => q.StartsWith("C4 not reproduced: The norm peaks.", StringComparison.Ordinal));
        Assert.Contains(questions, q => q.Contains("carries the flag \"few clusters\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_question_ends_as_one_and_names_a_file_that_is_there()
    {
        using var sample = new Sample();
        var questions = Defence.Of(new Snapshot(sample.Root));
        Assert.InRange(questions.Count, 7, 30);
        Assert.All(questions, q => Assert.True(q.Text.EndsWith('?') && File.Exists(sample.FullPath(q.LookAt.Split(':')[0])), q.Text));
    }

    [Fact]
    public async Task It_is_printed_as_markdown_or_json_and_writes_no_file()
    {
        using var sample = new Sample();
        var (code, text, error) = await sample.Cli("--defend");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("# Defence\n", text);
        Assert.Contains("Look at `results/main/metrics.json`.\n", text);
        var (_, json, _) = await sample.Cli("--defend", "--format", "json");
        Assert.Equal(Defence.Of(new Snapshot(sample.Root)).Count, System.Text.Json.Nodes.JsonNode.Parse(json)!.AsArray().Count);
        Assert.False(File.Exists(sample.FullPath("docs/DEFENCE.md")));
    }
}

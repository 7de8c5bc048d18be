using System.Text.Json.Nodes;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class VerbTests : IDisposable
{
    private readonly TinyRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    private void Refused(string message, params string[] arguments)
    {
        var (code, output, error) = CommandLine.Run(_repository.Root, arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("error: ", error);
        Assert.Contains(message, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Run_as_JSON_prints_JSON_alone_and_the_report_that_it_names()
    {
        var (code, output, error) = CommandLine.Run(_repository.Root, "run", "--format", "json");
        Assert.Equal((0, ""), (code, error));
        var json = JsonNode.Parse(output)!;
        Assert.Equal(["bm25", "null-abstain", "null-random"], json["systems"]!.AsObject().Select(s => s.Key));
        Assert.Equal(4, (int)json["systems"]!["bm25"]!["accuracy"]!["n"]!);
        Assert.True(File.Exists(Path.Combine(_repository.Root, (string)json["report"]!)));
        Assert.True(File.Exists(Path.Combine(_repository.Root, "runs", (string)json["run"]!, "metrics.json")));
    }

    [Fact]
    public void Without_a_verb_it_runs_and_says_what_to_do_next()
    {
        var (code, output, _) = CommandLine.Run(_repository.Root);
        Assert.Equal(0, code);
        Assert.Contains("recall of gold characters", output);
        Assert.Contains("worst failure of ", output);
        Assert.Matches("report: runs/.*report.html\nnext:   dotnet run --project src/Cli -- (show|explain) ", output);
    }

    [Fact]
    public void Show_prints_every_stage_of_one_case()
    {
        var (code, output, _) = CommandLine.Run(_repository.Root, "show", "q6", "--system", "null-random");
        Assert.Equal(0, code);
        foreach (var stage in (string[])["question    q6", "gold        180 euros", "evidence    tariff", "system      null-random", "ranking ", "context ", "reading ", "answer ", "outcome ", "retrieval were perfect"]) Assert.Contains(stage, output);
    }

    [Fact]
    public void Show_refuses_an_unknown_case() => Refused("one of 8 ids, q1 to q8, got q99", "show", "q99");

    [Fact]
    public void Show_refuses_an_unknown_system() => Refused("no such system", "show", "q5", "--system", "bm26");

    [Fact]
    public void Explain_defines_a_metric_and_refuses_an_unknown_one()
    {
        var (code, output, _) = CommandLine.Run(_repository.Root, "explain", "hallucination");
        Assert.Equal(0, code);
        Assert.Contains("Share of unanswerable questions that the system answered", output);
        Refused("ndgc@10", "explain", "ndgc@10");
    }

    [Fact]
    public void A_wrong_override_ends_with_2_before_anything_is_written()
    {
        Refused("retrieval_depth", "run", "--set", "retrieval_depth=3");
        Assert.False(Directory.Exists(Path.Combine(_repository.Root, "runs")));
    }

    [Fact]
    public void Outside_a_repository_it_says_where_to_go()
    {
        var folder = Directory.CreateTempSubdirectory("outside-").FullName;
        var (code, output, error) = CommandLine.Run(folder, "run");
        Directory.Delete(folder);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("not inside the repository", error);
        Assert.Contains("cd into the repository", error);
    }

    [Fact]
    public void A_run_that_was_killed_goes_on_to_the_same_bytes()
    {
        _repository.WriteQuestions(Enumerable.Range(0, 300).SelectMany(i => TinyRepository.Questions().Select(q => q with { Id = $"{q.Id}-{i:0000}" })));
        string[] command = ["run", "--set", "resamples=100", "--set", "sweep.budgets=[60]"];
        string Cases(string folder) => Path.Combine(folder, "cases.jsonl");
        using (var process = CommandLine.Start(_repository.Root, command))
        {
            string? folder = null;
            while (folder is null || !File.Exists(Cases(folder)) || new FileInfo(Cases(folder)).Length < 100_000)
            {
                Assert.False(process.HasExited, "it was over before it could be killed");
                Thread.Sleep(1);
                folder = Directory.Exists(Path.Combine(_repository.Root, "runs")) ? Directory.GetDirectories(Path.Combine(_repository.Root, "runs")).FirstOrDefault() : null;
            }
            process.Kill();
            process.WaitForExit();
        }
        var killed = Assert.Single(Directory.GetDirectories(Path.Combine(_repository.Root, "runs")));
        var kept = File.ReadAllText(Cases(killed)).Split('\n')[..^1];
        Assert.InRange(kept.Length, 50, (3 * 2400) - 1);
        Assert.Equal(0, CommandLine.Run(_repository.Root, [.. command, "--resume"]).Code);
        Assert.Equal(0, CommandLine.Run(_repository.Root, command).Code);
        var runs = Directory.GetDirectories(Path.Combine(_repository.Root, "runs")).Where(f => Run.Load(f).Manifest.Kind == "main").ToList();
        Assert.Equal(2, runs.Count);
        Assert.Contains(killed, runs);
        Assert.Equal(File.ReadAllBytes(Cases(runs[0])), File.ReadAllBytes(Cases(runs[1])));
        Assert.Subset(File.ReadAllText(Cases(killed)).Split('\n').ToHashSet(), kept.ToHashSet());
    }
}

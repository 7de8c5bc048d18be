using System.Text.Json.Nodes;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>The gate that the repository ships with, on its own questions, in a copy of what it needs.</summary>
public sealed class GateTests : IDisposable
{
    private static readonly string Shipped = Repository.FindRoot(AppContext.BaseDirectory);

    private readonly string _root = Directory.CreateTempSubdirectory("gate-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Copy(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.Copy(Path.Combine(Shipped, path), Path.Combine(_root, path));
    }

    private JsonArray Check(int code)
    {
        var (got, output, error) = CommandLine.Run(_root, "check", "--format", "json");
        Assert.True(code == got, $"check ended with {got}\n{output}{error}");
        return JsonNode.Parse(output)!.AsArray();
    }

    [Fact]
    public void A_configuration_that_the_published_run_did_not_have_is_named()
    {
        using var repository = new TinyRepository();
        Assert.Equal(0, CommandLine.Run(repository.Root, "run").Code);
        Assert.Equal(0, CommandLine.Run(repository.Root, "pin", "latest").Code);
        Assert.DoesNotContain("differs from what the published run", CommandLine.Run(repository.Root, "check").Output);
        var config = Path.Combine(repository.Root, "configs/run.yaml");
        File.WriteAllText(config, File.ReadAllText(config).Replace("hallucination: -1", "hallucination: -3"));
        Assert.Contains("configs/run.yaml: differs from what the published run", CommandLine.Run(repository.Root, "check").Output);
    }

    [Fact]
    public void The_gate_goes_red_when_retrieval_breaks()
    {
        var rule = Assert.Single(StrictYaml.Read<GateConfig>(Path.Combine(Shipped, "configs/gates.yaml")).Gates);
        var file = $"configs/systems/{rule.Variant}.yaml";
        string[] run = ["run", "--set", $"baseline={rule.Variant}", "--set", "resamples=100", "--set", "sweep.budgets=[500]", "--set", "sweep.chunkers=[{type: heading, size: 600}]"];
        foreach (var path in Directory.GetFiles(Path.Combine(Shipped, "data/handbook"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Shipped, f))
            .Concat([".mlportfolio.json", "configs/run.yaml", "configs/gates.yaml", file])) Copy(path);
        Assert.Equal(0, CommandLine.Run(_root, run).Code);
        Assert.Equal(0, CommandLine.Run(_root, "pin", "latest").Code);
        Assert.Contains(Check(0), row => (string?)row!["result"] == "PASS");
        var system = Path.Combine(_root, file);
        File.WriteAllText(system, string.Concat(File.ReadAllLines(system).Where(l => !l.StartsWith("context_budget", StringComparison.Ordinal)).Append("context_budget: 60").Select(l => l + "\n")));
        Assert.Equal(0, CommandLine.Run(_root, run).Code);
        var gate = Assert.Single(Check(1), row => ((string)row!["check"]!).StartsWith("gate ", StringComparison.Ordinal));
        Assert.Equal(($"gate {rule.Metric} of {rule.Variant}", "FAIL"), ((string?)gate!["check"], (string?)gate["result"]));
    }
}

namespace PortfolioProject.Replication.Tests;

/// <summary>Every gate of configs/gates.yaml passes on the run itself and goes red when what it guards breaks.</summary>
public sealed class GateTests : IDisposable
{
    private static readonly GateConfig Gates = StrictYaml.Read<GateConfig>(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "configs", "gates.yaml"));
    private readonly Toy _toy = new();

    [Fact]
    public void A_run_passes_against_itself()
    {
        var run = _toy.Execute();
        Assert.All(Gate.Judge(Gates, run, run, _toy.Portfolio), r => Assert.Equal(GateOutcome.Pass, r.Outcome));
    }

    [Fact]
    public void Every_gate_goes_red_when_its_method_gets_worse()
    {
        var run = _toy.Execute();
        foreach (var rule in Gates.Gates)
        {
            var worse = run with { Cases = [.. run.Cases.Select(c => c.Variant != rule.Variant ? c : c with { Values = c.Values.ToDictionary(v => v.Key, v => v.Value + (v.Key == rule.Metric ? 0.1 : 0)) })] };
            var red = Gate.Judge(Gates, run, worse, _toy.Portfolio).Where(r => r.Outcome == GateOutcome.Fail).Select(r => r.Rule);
            Assert.Contains(rule, red);
        }
    }

    public void Dispose() => _toy.Dispose();
}

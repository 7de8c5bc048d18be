namespace MLPortfolio.PackTests.Sabotage;

internal static class ReplicationSabotage
{
    private const string Template = "replication", Data = "data/digits/digits.csv", Cancer = "data/breast_cancer/breast_cancer.csv";

    public static IEnumerable<Sabotage> All =>
    [
        new(Template, "the margin of a gate, ten times as wide", v => v.Replace("configs/gates.yaml", "margin: 0.02", "margin: 0.2"),
            Probe.Test("Replication.Tests", "GateTests"), "Every_gate_goes_red_when_its_method_gets_worse [FAIL]"),
        new(Template, "the label column, moved down by one row", v => v.Lines(Data, Labels.Shifted), Probe.Cli(2, "run", "--config", "configs/smoke.yaml"), "the data file is not the one that the configuration names"),
        new(Template, "the tolerance of a claim, widened afterwards", v => v.Replace("claims.yaml", "expected: 7.2, tolerance: 3.6", "expected: 7.2, tolerance: 6.6"), Probe.Check(), "block \"lines\""),
        new(Template, "a claim that was missed, reworded", v => v.Replace("claims.yaml", "condition: within, expected: 1, tolerance: 0.05", "condition: above, expected: 0"), Probe.Check(), "block \"lines\""),
        new(Template, "a file of figures beside the charts", v => v.Replace("results/main/cells.csv", ",1", ",2"), Probe.Check(), "cells.csv: differs from what the run gives"),
        new(Template, "a configuration that is not what was run", v => v.Replace("configs/belkin.yaml", "bandwidths: [1.5]", "bandwidths: [1.6]"), Probe.Check(), "differs from what results/main was made with"),
        new(Template, "a recomputation against altered data", v => v.FlipByte(Cancer, ^3), Probe.Cli(2, "verify", "ablation-cancer"), "the data file is not the one that the configuration names"),
        new(Template, "training rows leaked into the test set, in code", v => v.Replace("src/RandomFeatures/Experiment/SeedRun.cs", "order[protocol.Samples..])", "order[..])"),
            Probe.Cli(1, "verify", "ablation-cancer").Building("src/Cli"), "test-error claimed"),
        new(Template, "a sign of the solver turned, in code", v => v.Replace("src/RandomFeatures/Solvers/Cholesky.cs", " -= ", " += "),
            Probe.Test("Replication.Tests", "SolverTests").Building("tests/Replication.Tests"), "Features_that_depend_on_one_another_still_get_the_least_norm"),
        new(Template, "the good direction of a metric, in code", v => v.Replace("src/Replication/LabPortfolio.cs", "\"Test error\", \"share\", Direction.Lower", "\"Test error\", \"share\", Direction.Higher"),
            Probe.Check("src/Cli"), "test-error of "),
    ];
}

namespace MLPortfolio.PackTests.Sabotage;

internal static class ServingSabotage
{
    private const string Template = "serving", Data = "data/digits/digits.csv", Bundle = "models/digits/1/";

    /// <summary>A model that is quickly made: what is asked is whether a damaged one is served, not how good it is.</summary>
    private static readonly string[] _train =
    [
        "train", "--set", "variants={majority: {model: majority}, softmax: {model: softmax}}", "--set", "candidates=[softmax]", "--set", "fit.updates=60",
        "--set", "fit.min_epochs=1", "--set", "folds=2", "--set", "resamples=100",
    ];

    public static IEnumerable<Sabotage> All =>
    [
        new(Template, "the margin of a gate, ten times as wide", v => v.Replace("configs/gates.yaml", "margin: 0.05", "margin: 5"),
            Probe.Test("Serving.Tests", "EvidenceRunTests"), "Every_gate_that_ships_goes_red_when_training_breaks [FAIL]"),
        new(Template, "the label column, moved down by one row", v => v.Lines(Data, Labels.Shifted), Probe.Check(), $"{Data}: changed since the published run"),
        new(Template, "a byte of the weights of a packaged model", v => Trained(v).FlipByte(Bundle + "weights.safetensors", ^5),
            Probe.Cli(2, "batch", Data, "--out", "predictions.csv"), "the file is not the one that was packaged"),
        new(Template, "a golden row of a packaged model", v => Trained(v).Lines(Bundle + "manifest.json", Golden),
            Probe.Cli(2, "batch", Data, "--out", "predictions.csv"), "does not answer a golden row as it did when it was packaged"),
        new(Template, "a packaged model without its manifest", v => File.Delete(Trained(v)[Bundle + "manifest.json"]),
            Probe.Cli(2, "batch", Data, "--out", "predictions.csv"), "no model yet"),
        new(Template, "test rows leaked into training, in code", v => v.Replace("src/Modeling/Evaluation/EvidenceRun.cs", ".Except(item.Fold)]", "]"),
            Probe.Test("Serving.Tests", "EvidenceRunTests").Building("tests/Serving.Tests"), "No_model_was_trained_on_a_row_that_it_is_judged_by [FAIL]"),
        new(Template, "a sign of the calibration turned, in code", v => v.Replace("src/Modeling/Training/Calibration.cs", "- (row[label] / t)", "+ (row[label] / t)"),
            Probe.Test("Serving.Tests", "ModelFittingTests").Building("tests/Serving.Tests"), "The_temperature_undoes_logits_that_are_too_large"),
        new(Template, "the good direction of a metric, in code", v => v.Replace("src/Modeling/Evaluation/ServingPortfolio.cs", "\"nats\", Direction.Lower", "\"nats\", Direction.Higher"),
            Probe.Check("src/Cli"), "log-loss of "),
    ];

    private static Victim Trained(Victim victim)
    {
        victim.Cli(_train).Exits();
        return victim;
    }

    /// <summary>The first probability of the first golden row.</summary>
    private static IEnumerable<string> Golden(List<string> lines)
    {
        var at = lines.FindIndex(l => l.Contains("\"probabilities\"", StringComparison.Ordinal));
        lines[at + 1] = "          0.5" + (lines[at + 1].TrimEnd().EndsWith(',') ? "," : "");
        return lines;
    }
}

/// <summary>The label column of a CSV file, which is its last.</summary>
internal static class Labels
{
    /// <summary>Every row gets the label of the row above it.</summary>
    public static IEnumerable<string> Shifted(List<string> lines)
    {
        var rows = lines.Skip(1).Select(l => (Features: l[..l.LastIndexOf(',')], Label: l[l.LastIndexOf(',')..])).ToList();
        return rows.Select((row, i) => row.Features + rows[(i + rows.Count - 1) % rows.Count].Label).Prepend(lines[0]);
    }
}

namespace MLPortfolio.PackTests.Sabotage;

internal static class DataCentricSabotage
{
    private const string Template = "datacentric", Data = "data/digits/digits.csv";

    public static IEnumerable<Sabotage> All =>
    [
        new(Template, "the margin of a gate, ten times as wide", v => v.Replace("configs/gates.yaml", "margin: 0.01", "margin: 1"),
            Probe.Test("DataCentric.Tests", "DigitsTests"), "Every_gate_goes_red_when_the_labels_are_ruined [FAIL]"),
        new(Template, "the label column, moved down by one row", v => v.Lines(Data, Labels.Shifted), Probe.Check(), "sealed"),
        new(Template, "test rows copied into the training rows", v => v.Lines(Data, lines => [.. lines, .. lines.Skip(1).Take(20)]), Probe.Check(), "sealed"),
        new(Template, "a pixel beyond its range", v => v.Lines(Data, lines => [lines[0], "99" + lines[1][lines[1].IndexOf(',')..], .. lines.Skip(2)]), Probe.Check(), "p0"),
        new(Template, "the frozen model, thawed", v => v.Replace("configs/run.yaml", "iterations: 200", "iterations: 400"), Probe.Check(), "the model is frozen"),
        new(Template, "test rows put into the training rows, in code", v => v.Replace("src/Ladder/SeedLadder.cs", "Pool => [.. _all.Where((_, i) => !table.Sealed[i])]", "Pool => [.. _all]"),
            Probe.Test("DataCentric.Tests", "RunTests").Building("tests/DataCentric.Tests"), "A_seed_draws_four_fifths_of_data_without_planted_faults_and_no_more_rows_than_allowed"),
        new(Template, "a sign of the calibration error lost, in code", v => v.Replace("src/Ladder/Scoring.cs", "Math.Abs(b.Right - b.Confidence)", "(b.Right - b.Confidence)"),
            Probe.Test("DataCentric.Tests", "ScoringTests").Building("tests/DataCentric.Tests"), "Scores_are_those_counted_by_hand"),
        new(Template, "the good direction of a metric, in code", v => v.Replace("src/Ladder/Scoring.cs", "\"Accuracy\", Direction.Higher", "\"Accuracy\", Direction.Lower"),
            Probe.Check("src/Cli"), "accuracy of "),
    ];
}

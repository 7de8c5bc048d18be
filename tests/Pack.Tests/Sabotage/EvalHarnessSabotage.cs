namespace MLPortfolio.PackTests.Sabotage;

internal static class EvalHarnessSabotage
{
    private const string Template = "evalharness", Questions = "data/handbook/questions.jsonl";

    public static IEnumerable<Sabotage> All =>
    [
        new(Template, "the margin of a gate, ten times as wide", v => v.Replace("configs/gates.yaml", "margin: 0.05", "margin: 0.5"),
            Probe.Test("EvalHarness.Tests", "GateTests"), "The_gate_goes_red_when_retrieval_breaks [FAIL]"),
        new(Template, "a dev question asked again in the test split", AskAgain, Probe.Check(), "T900"),
        new(Template, "gold answers of two questions, exchanged", ExchangeAnswers, Probe.Check(), $"{Questions}: changed since the published run"),
        new(Template, "a sentence of the corpus that a question quotes", v => v.Replace("data/handbook/corpus/meter-corvane-cv15.md", "five working days", "nine working days"),
            Probe.Check(), "meter-corvane-cv15"),
        new(Template, "the discount of nDCG turned round, in code", v => v.Replace("src/Metrics/RankingMeasures.cs", "rank => Math.Log2(rank + 1))", "rank => 1 / Math.Log2(rank + 1))"),
            Probe.Test("EvalHarness.Tests", "RankingMeasureTests").Building("tests/EvalHarness.Tests"), "A_perfect_order_scores_one_and_nothing_relevant_scores_zero"),
        new(Template, "thresholds tuned on the test split, in code", v => v.Replace("src/Evaluation/EvaluationRun.cs", "q.Split == \"dev\"", "q.Split == \"test\""),
            Probe.Test("EvalHarness.Tests", "EvaluationRunTests").Building("tests/EvalHarness.Tests"), "A_threshold_is_tuned_on_dev_and_knows_nothing_of_the_test_split [FAIL]"),
        new(Template, "the good direction of a metric, in code", v => v.Replace("src/Evaluation/Grading/metrics.yaml", "good: lower", "good: higher"),
            Probe.Check("src/Cli"), "over-abstention of "),
    ];

    private static void AskAgain(Victim victim) => victim.Lines(Questions, lines =>
    {
        var dev = lines.First(l => l.Contains("\"split\": \"dev\"", StringComparison.Ordinal) && l.Contains("\"answerable\": true", StringComparison.Ordinal));
        return [.. lines, dev.Replace("\"split\": \"dev\"", "\"split\": \"test\"").Replace("{\"id\": \"D001\"", "{\"id\": \"T900\"")];
    });

    private static void ExchangeAnswers(Victim victim) => victim.Lines(Questions, lines =>
    {
        static (int From, int To) Answers(string line) => (line.IndexOf("\"answers\":", StringComparison.Ordinal), line.IndexOf("\"split\":", StringComparison.Ordinal));
        var ((a, b), (c, d)) = (Answers(lines[0]), Answers(lines[1]));
        return [lines[0][..a] + lines[1][c..d] + lines[0][b..], lines[1][..c] + lines[0][a..b] + lines[1][d..], .. lines.Skip(2)];
    });
}

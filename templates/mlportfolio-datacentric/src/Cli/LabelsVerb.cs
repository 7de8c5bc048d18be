using System.Text.Json;
using System.Text.Json.Nodes;
using PortfolioProject.ConfidentLearning;

namespace PortfolioProject.Cli;

/// <summary>Confident learning on labels and probabilities from anywhere: thresholds, counts, joint, every filter and score as JSON.</summary>
internal static class LabelsVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "JSON: labels [n], pred_probs [n × K], folds [n]" };
        var vouched = new Option<bool>("--held-out") { Description = "The file has no folds, and I vouch that no model saw the rows it predicted." };
        var fraction = new Option<double>("--fraction") { Description = "Share of the estimated noise that the prune filters remove.", DefaultValueFactory = _ => 1 };
        var minimum = new Option<int>("--minimum") { Description = "Rows that a class keeps under the prune filters.", DefaultValueFactory = _ => 1 };
        var command = new Command("labels", "Finds label errors in predictions of any model. Example: labels predictions.json") { file, vouched, fraction, minimum };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(file);
            try
            {
                var input = JsonNode.Parse(TextFile.Read(name))!;
                var rows = input["pred_probs"]!.AsArray().Select(r => r!.AsArray().Select(v => (double)v!).ToArray()).ToList();
                if (rows.Select(r => r.Length).Distinct().Count() > 1) throw new ArgumentException("pred_probs has rows of different lengths");
                var p = new Probabilities([.. rows.SelectMany(r => r)], rows.FirstOrDefault()?.Length ?? 0);
                if (input["folds"] is { } folds) _ = new OutOfFold(p, [.. folds.AsArray().Select(f => (int)f!)]);
                else if (!parsed.GetValue(vouched)) throw new UserError("in-sample probabilities are refused", name, field: "folds", expected: "the fold in which each row was held out", got: "nothing", fix: "Add folds, or vouch for the file with --held-out");
                var joint = ConfidentJoint.Estimate([.. input["labels"]!.AsArray().Select(l => (int)l!)], p);
                parsed.InvocationConfiguration.Output.WriteLine(Describe(joint, parsed.GetValue(fraction), parsed.GetValue(minimum)).ToJsonString());
                return (int)ExitCode.Pass;
            }
            catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException or ArgumentException)
            {
                throw new UserError("not labels with probabilities", name, expected: "{ \"labels\": [0, …], \"pred_probs\": [[0.9, 0.1], …], \"folds\": [0, …] }", got: e is NullReferenceException ? "a key is missing" : e.Message);
            }
        });
        return command;
    }

    private static JsonObject Describe(ConfidentJoint joint, double fraction, int minimum)
    {
        static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value);
        return new()
        {
            ["thresholds"] = Node(joint.Thresholds),
            ["confident_joint_uncalibrated"] = Node(joint.Uncalibrated),
            ["off_diagonal_rows"] = Node(joint.OffDiagonalRows),
            ["confident_joint"] = Node(joint.Counts),
            ["joint"] = Node(joint.Joint),
            ["estimated_issues"] = joint.EstimatedIssues,
            ["filters"] = new JsonObject(Enum.GetValues<LabelFilter>().Select(f => KeyValuePair.Create(LadderSteps.Name(f).Replace('-', '_'), Node(LabelFilters.Flag(joint, f, fraction, minimum))))),
            ["scores"] = new JsonObject(LadderSteps.Scores.Select(s => KeyValuePair.Create(s.Name.Replace('-', '_'), Node(s.Score(joint))))),
        };
    }
}

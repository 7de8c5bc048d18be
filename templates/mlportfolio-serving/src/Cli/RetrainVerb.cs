using System.Runtime.InteropServices;

namespace PortfolioProject.Cli;

/// <summary>retrain: the table and the labelled feedback together, evaluated, packaged as the next version, and promoted if it passes the gate.</summary>
internal static class RetrainVerb
{
    public static Command Create(Lazy<string> root)
    {
        var options = new TrainingOptions();
        var command = new Command("retrain", "Train on the table and on labelled feedback, then ask the promotion gate. Example: retrain");
        options.AddTo(command, resume: false);
        command.SetAction((parsed, cancel) => Task.FromResult((int)Run(options, parsed, root.Value, parsed.InvocationConfiguration.Output, cancel)));
        return command;
    }

    private static ExitCode Run(TrainingOptions options, ParseResult parsed, string root, TextWriter output, CancellationToken cancel)
    {
        var config = options.Load(parsed, root).ForShipping();
        var table = CsvTable.Read(root, config.Data);
        var (rows, unusable) = Feedback.Read(root, config, table);
        output.Write($"{rows.Count} labelled rows of feedback are added to {table.Count} of {config.Data.Path}; {unusable} cannot be used (values not kept, another signature or an unknown label)\n");
        if (rows.Count == 0) throw new UserError("no labelled feedback to learn from", Feedback.Folder(root, config), fix: "Serve with inputs kept, and send labels to /api/feedback");
        table = table.Append(rows, "feedback");
        var run = options.Evaluate(parsed, root, config, table, cancel, "retrain");
        options.Summarize(parsed, run);
        var bundle = TrainVerb.Ship(output, root, config, table, run, cancel);
        return PromoteVerb.Promote(root, config, bundle.Manifest.Version, $"retrained with {rows.Count} rows of feedback, passed the gate", output);
    }
}

/// <summary>What monitoring wrote about a model, as rows to learn from.</summary>
internal static class Feedback
{
    public static string Folder(string root, TrainingConfig config) => Path.Combine(root, ServingConfig.Load(root).Monitoring.Folder, config.ModelName);

    /// <summary>Rows with values and a label that the table knows, the newest label of each, in the order in which they were first labelled; and how many others there are.</summary>
    public static (IReadOnlyList<(float[] Features, string Label)> Rows, int Unusable) Read(string root, TrainingConfig config, Table table)
    {
        var entries = FeedbackStore.Read(Folder(root, config));
        var rows = entries.Where(e => e.Inputs?.Length == 4 * table.Features.Count && table.Classes.Contains(e.Label))
            .Select(e => (Floats(e.Inputs!), e.Label)).Where(r => r.Item1.All(float.IsFinite)).ToList();
        return (rows, entries.Count - rows.Count);
    }

    public static float[] Floats(byte[] littleEndian) => MemoryMarshal.Cast<byte, float>(littleEndian).ToArray();
}

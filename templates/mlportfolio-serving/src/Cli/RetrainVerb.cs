namespace PortfolioProject.Cli;

/// <summary>retrain: the table and the labelled feedback together, evaluated, packaged as the next version, and promoted if it passes the gate.</summary>
internal static class RetrainVerb
{
    public static Command Create(Lazy<string> root)
    {
        var command = new Command("retrain", "Train on the table and on labelled feedback, then ask the promotion gate. Example: retrain");
        return TrainingOptions.Verb(command, root, evaluates: false, (parsed, at, cancel) => Task.FromResult(Run(parsed, at with { Training = at.Training.ForShipping() }, cancel)));
    }

    public static float[] Floats(byte[] littleEndian) => MemoryMarshal.Cast<byte, float>(littleEndian).ToArray();

    private static ExitCode Run(ParseResult parsed, Workspace at, CancellationToken cancel)
    {
        var (table, entries, output) = (at.Table(), FeedbackStore.Read(at.Logs), parsed.InvocationConfiguration.Output);
        var rows = entries.Where(e => e.Inputs?.Length == sizeof(float) * table.Features.Count && table.Classes.Contains(e.Label))
            .Select(e => (Features: Floats(e.Inputs!), e.Label)).Where(r => r.Features.All(float.IsFinite)).ToList();
        output.Write($"{rows.Count} labelled rows of feedback are added to {table.Count} of {at.Training.Data.Path}; {entries.Count - rows.Count} cannot be used (values not kept, another signature or an unknown label)\n");
        if (rows.Count == 0)
            throw new UserError("no labelled feedback to learn from", at.Logs, fix: "Serve with inputs kept, and send labels to /api/feedback; logs elsewhere: --set monitoring.folder=…");
        table = table.Append(rows, "feedback");
        var version = TrainVerb.Ship(output, at, table, TrainingOptions.Evaluate(parsed, at, table, cancel, "retrain"), cancel);
        return PromoteVerb.Promote(at, version, $"retrained with {rows.Count} rows of feedback, passed the gate", output);
    }
}

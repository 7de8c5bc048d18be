namespace PortfolioProject.Cli;

/// <summary>train: evaluates every variant, trains the chosen one and packages it as the next version. The first version is promoted; later ones wait.</summary>
internal static class TrainVerb
{
    public static Command Create(Lazy<string> root)
    {
        var options = new TrainingOptions();
        var command = new Command("train", "Evaluate, choose, train and package the next version. Example: train --set data.path=mine.csv --set data.label=species");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult((int)Run(options, parsed, root.Value, options.Prose(parsed), cancel)));
        return command;
    }

    private static ExitCode Run(TrainingOptions options, ParseResult parsed, string root, TextWriter output, CancellationToken cancel)
    {
        var config = options.Load(parsed, root);
        var table = CsvTable.Read(root, config.Data);
        var run = options.Evaluate(parsed, root, config, table, cancel);
        options.Summarize(parsed, run);
        var bundle = Ship(output, root, config, table, run, cancel);
        var stable = TrainingOptions.Registry(root, config).State().Stable;
        output.Write($"next:   dotnet run --project src/Cli -- {(stable == bundle.Manifest.Version ? "pin latest" : $"promote {bundle.Manifest.Version} (stable is {stable})")}\n");
        return ExitCode.Pass;
    }

    public static Bundle Ship(TextWriter output, string root, TrainingConfig config, Table table, Run run, CancellationToken cancel)
    {
        var registry = TrainingOptions.Registry(root, config);
        var bundle = Packaging.Ship(config, table, run, TrainingOptions.Engine, registry, cancel);
        output.Write($"bundle: {bundle.Folder} ({bundle.Manifest.Golden.Count} golden rows, digest {bundle.Digest[..12]})\n");
        if (registry.State().Stable is null) registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", bundle.Manifest.Version, null, "cli", "the first version"));
        return bundle;
    }
}

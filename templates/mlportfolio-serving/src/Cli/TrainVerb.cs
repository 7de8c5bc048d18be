namespace PortfolioProject.Cli;

/// <summary>train: evaluates every variant, trains the chosen one and packages it as the next version. The first version is promoted; later ones wait.</summary>
internal static class TrainVerb
{
    public static Command Create(Lazy<string> root)
    {
        var command = new Command("train", "Evaluate, choose, train and package the next version. Example: train --set data.path=mine.csv --set data.label=species");
        return TrainingOptions.Verb(command, root, evaluates: true, (parsed, at, cancel) =>
        {
            var (table, output) = (at.Table(), TrainingOptions.Prose(parsed));
            var version = Ship(output, at, table, TrainingOptions.Evaluate(parsed, at, table, cancel), cancel);
            var stable = at.Registry.State().Stable;
            output.Write($"next:   dotnet run --project src/Cli -- {(stable == version ? "pin latest" : $"promote {version} (stable is {stable})")}\n");
            return Task.FromResult(ExitCode.Pass);
        });
    }

    /// <summary>Trains the model that the run chose and packages it: its version.</summary>
    public static string Ship(TextWriter output, Workspace at, Table table, Run run, CancellationToken cancel)
    {
        var bundle = Packaging.Ship(at.Training, table, run, Workspace.Engine, at.Registry, cancel);
        output.Write($"bundle: {bundle.Folder} ({bundle.Manifest.Golden.Count} golden rows, digest {bundle.Digest[..12]})\n");
        if (at.Registry.State().Stable is null) at.Registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", bundle.Manifest.Version, null, "cli", "the first version"));
        return bundle.Manifest.Version;
    }
}

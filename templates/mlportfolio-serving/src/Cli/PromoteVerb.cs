namespace PortfolioProject.Cli;

/// <summary>promote and rollback: entries of the promotion log. A running server follows it.</summary>
internal static class PromoteVerb
{
    public static Command Create(Lazy<string> root)
    {
        var (options, version) = (new TrainingOptions(), new Argument<string>("VERSION") { Description = "a folder of models/<name>" });
        var command = new Command("promote", "Make a version the stable one, if it passes the gate: bundle, signature, latency budget, disagreement. Example: promote 2") { version };
        options.AddTo(command, resume: false);
        command.SetAction(parsed =>
        {
            var config = options.Load(parsed, root.Value);
            return (int)Promote(root.Value, config, parsed.GetRequiredValue(version), "passed the gate", parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    public static Command CreateRollback(Lazy<string> root)
    {
        var (options, version) = (new TrainingOptions(), new Argument<string?>("VERSION") { Description = "the version before when left out", Arity = ArgumentArity.ZeroOrOne });
        var command = new Command("rollback", "Go back to the stable version before, at once. Example: rollback") { version };
        options.AddTo(command, resume: false);
        command.SetAction(parsed =>
        {
            var registry = TrainingOptions.Registry(root.Value, options.Load(parsed, root.Value));
            var state = registry.State();
            var to = parsed.GetValue(version) ?? state.Previous ?? throw new UserError("there is no version to go back to", registry.Log, got: $"stable is {state.Stable ?? "none"}, nothing was before it");
            Bundle.Load(registry.Require(to), TrainingOptions.Engine);
            registry.Append(new Promotion(DateTimeOffset.UtcNow, "rollback", to, null, "cli", $"from {state.Stable}"));
            parsed.InvocationConfiguration.Output.Write($"stable is {registry.State().Stable}, was {state.Stable}\n");
            return (int)ExitCode.Pass;
        });
        return command;
    }

    /// <summary>Asks the gate, prints what it saw, and promotes only when every step passed.</summary>
    public static ExitCode Promote(string root, TrainingConfig config, string version, string reason, TextWriter output)
    {
        var registry = TrainingOptions.Registry(root, config);
        registry.Require(version);
        var (rows, source) = RecentRows(root, config);
        var steps = PromotionGate.Judge(registry, version, TrainingOptions.Engine, config.Promotion, rows, source);
        Screen.WriteTable(output, ["gate", "result", "detail"], steps.Select(s => new[] { s.Name, s.Passed ? "PASS" : "FAIL", s.Detail }));
        var before = registry.State().Stable;
        if (!steps.All(s => s.Passed))
        {
            output.Write($"version {version} is not promoted; stable stays {before ?? "none"}\n");
            return ExitCode.Regression;
        }

        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", version, null, "cli", reason));
        output.Write($"stable is {version}, was {before ?? "none"}; back again: dotnet run --project src/Cli -- rollback\n");
        return ExitCode.Pass;
    }

    /// <summary>The newest logged rows whose values were kept, else the rows of the table, else none.</summary>
    private static (float[] Rows, string Source) RecentRows(string root, TrainingConfig config)
    {
        const int Most = 2_000;
        var logged = PredictionLog.Newest(Feedback.Folder(root, config), Most).Select(p => Feedback.Floats(p.Inputs!)).ToList();
        return logged.Count > 0 ? ([.. logged.SelectMany(r => r)], $"{logged.Count} logged requests")
            : File.Exists(Path.Combine(root, config.Data.Path)) ? (CsvTable.Read(root, config.Data).Rows, config.Data.Path) : ([], "none");
    }
}

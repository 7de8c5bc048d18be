namespace PortfolioProject.Cli;

/// <summary>promote and rollback: entries of the promotion log. A running server follows it.</summary>
internal static class PromoteVerb
{
    private const int RecentRequests = 2_000;

    public static Command Create(Lazy<string> root)
    {
        var version = new Argument<string>("VERSION") { Description = "a folder of models/<name>" };
        var command = new Command("promote", "Make a version the stable one, if it passes the gate: bundle, signature, latency budget, disagreement. Example: promote 2") { version };
        return TrainingOptions.Verb(command, root, evaluates: false,
            (parsed, at, _) => Task.FromResult(Promote(at, parsed.GetRequiredValue(version), "passed the gate", parsed.InvocationConfiguration.Output)));
    }

    public static Command CreateRollback(Lazy<string> root)
    {
        var version = new Argument<string?>("VERSION") { Description = "the version before when left out", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("rollback", "Go back to the stable version before, at once. Example: rollback") { version };
        return TrainingOptions.Verb(command, root, evaluates: false, (parsed, at, _) =>
        {
            var (registry, state) = (at.Registry, at.Registry.State());
            var to = parsed.GetValue(version) ?? state.Previous ?? throw new UserError("there is no version to go back to", registry.Log, got: $"stable is {state.Stable ?? "none"}, nothing was before it");
            Bundle.Load(registry.Require(to), Workspace.Engine);
            registry.Append(new Promotion(DateTimeOffset.UtcNow, "rollback", to, null, "cli", $"from {state.Stable}"));
            parsed.InvocationConfiguration.Output.Write($"stable is {registry.State().Stable}, was {state.Stable}\n");
            return Task.FromResult(ExitCode.Pass);
        });
    }

    /// <summary>Asks the gate, prints what it saw, and promotes only when every step passed. The gate sees the newest logged rows, else those of the table, else none.</summary>
    public static ExitCode Promote(Workspace at, string version, string reason, TextWriter output)
    {
        var registry = at.Registry;
        registry.Require(version);
        var logged = PredictionLog.Newest(at.Logs, RecentRequests).Select(p => RetrainVerb.Floats(p.Inputs!)).ToList();
        var (rows, source) = logged.Count > 0 ? ([.. logged.SelectMany(r => r)], $"{logged.Count} logged requests")
            : File.Exists(Path.Combine(at.Root, at.Training.Data.Path)) ? (at.Table().Rows, at.Training.Data.Path) : (Array.Empty<float>(), "none");
        var (before, steps) = (registry.State().Stable, PromotionGate.Judge(registry, version, Workspace.Engine, at.Training.Promotion, rows, source));
        Screen.WriteTable(output, ["gate", "result", "detail"], steps.Select(s => new[] { s.Name, s.Passed ? "PASS" : "FAIL", s.Detail }));
        var passed = steps.All(s => s.Passed);
        if (passed) registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", version, null, "cli", reason));
        output.Write(passed ? $"stable is {version}, was {before ?? "none"}; back again: dotnet run --project src/Cli -- rollback\n" : $"version {version} is not promoted; stable stays {before ?? "none"}\n");
        return passed ? ExitCode.Pass : ExitCode.Regression;
    }
}

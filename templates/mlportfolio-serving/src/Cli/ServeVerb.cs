namespace PortfolioProject.Cli;

/// <summary>serve: the service until Ctrl-C or SIGTERM; Production unless ASPNETCORE_ENVIRONMENT says otherwise.</summary>
internal static class ServeVerb
{
    /// <param name="predictor">Makes another predictor from the repository's root and the overrides; null without it. Such overrides begin with "batching.".</param>
    public static Command Create(Lazy<string> root, StartupStages startup, PredictorFactory? predictor = null)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by ';'; port 0 takes a free one", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is { Length: > 0 } set ? set : "http://127.0.0.1:8080" };
        var set = new Option<string[]>("--set") { Description = "Overrides one key of configs/serving.yaml, for example --set limits.queue=64. May be given more than once." };
        var command = new Command("serve", "Serve the stable version until Ctrl-C. Example: ASPNETCORE_ENVIRONMENT=Development dotnet run --project src/Cli -- serve") { urls, set };
        command.SetAction(async (parsed, cancel) =>
        {
            startup.End("command line");
            var overrides = (parsed.GetValue(set) ?? []).ToLookup(change => predictor is not null && change.StartsWith("batching.", StringComparison.Ordinal));
            var options = new ServerOptions(root.Value, ServingConfig.Load(root.Value, [.. overrides[false]]), parsed.GetRequiredValue(urls), Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } named ? named : "Production")
            {
                Keys = ApiKeys.FromEnvironment(),
                Predictor = predictor?.Invoke(root.Value, [.. overrides[true].Select(change => change["batching.".Length..])]),
                Startup = startup,
            };
            await using var host = await ServerHost.StartAsync(options, cancel);
            parsed.InvocationConfiguration.Output.Write($"listening on {host.Address.GetLeftPart(UriPartial.Authority)}\n");
            parsed.InvocationConfiguration.Output.Flush();
            await host.RunAsync(cancel);
            return (int)ExitCode.Pass;
        });
        return command;
    }
}

namespace PortfolioProject.Cli;

/// <summary>run, the main job: evaluates every variant, trains and packages if no version is stable yet, serves on loopback, asks itself the golden rows.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root, StartupStages startup, PredictorFactory? predictor = null)
    {
        var once = new Option<bool>("--once") { Description = "End after the golden rows, for CI" };
        var urls = new Option<string>("--urls") { Description = "Where to listen, on loopback; port 0 takes a free one", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var command = new Command("run", "Evaluate, train if there is no model yet, serve in Development until Ctrl-C. Example: run --once") { once, urls };
        return TrainingOptions.Verb(command, root, evaluates: true, async (parsed, at, cancel) =>
        {
            var (table, registry, output) = (at.Table(), at.Registry, TrainingOptions.Prose(parsed));
            var run = TrainingOptions.Evaluate(parsed, at, table, cancel);
            if (registry.State().Stable is { } stable) output.Write($"model:  {registry.Name} {stable} is there already; `train` packages another\n");
            else TrainVerb.Ship(output, at, table, run, cancel);
            var server = new ServerOptions(at.Root, at.Serving with { Model = registry.Name }, parsed.GetRequiredValue(urls)) { Predictor = predictor?.Invoke(at.Root, []), Startup = startup };
            await using var host = await ServerHost.StartAsync(server, cancel);
            output.Write(await AskGoldenRows(host, registry, cancel));
            output.Write($"dashboard: {host.Address}{(parsed.GetValue(once) ? "" : " (Ctrl-C stops it)")}\nnext:   dotnet run --project src/Cli -- pin latest\n");
            output.Flush();
            if (!parsed.GetValue(once)) await host.RunAsync(cancel);
            return ExitCode.Pass;
        });
    }

    /// <summary>Sends the stable version its golden rows as any client would, and compares.</summary>
    private static async Task<string> AskGoldenRows(ServerHost host, ModelRegistry registry, CancellationToken cancel)
    {
        var bundle = Bundle.Load(registry.FolderOf(registry.State().Stable!), Workspace.Engine);
        var m = bundle.Manifest;
        using var client = new HttpClient { BaseAddress = host.Address };
        var input = new { m.Inputs[0].Name, shape = new[] { m.Golden.Count, m.Features.Count }, m.Inputs[0].Datatype, data = m.Golden.SelectMany(g => g.Features) };
        var body = new { inputs = new[] { input }, outputs = new[] { new { m.Outputs[0].Name } } };
        using var response = await client.PostAsJsonAsync($"/v2/models/{m.Name}/versions/{m.Version}/infer", body, cancel);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancel);
        var got = answer!["outputs"]?[0]!["data"]!.AsArray().Select(p => (float)p!)
            ?? throw new UserError($"the golden rows were answered {(int)response.StatusCode}", $"{host.Address}", got: UserError.Quote((string?)answer["error"])) { Code = ExitCode.Incomplete };
        var furthest = got.Zip(m.Golden.SelectMany(g => g.Probabilities), (a, b) => Math.Abs(a - b)).Max();
        if (furthest > Bundle.GoldenTolerance) throw new UserError("golden rows are answered otherwise over HTTP", $"{host.Address}", expected: $"within {Bundle.GoldenTolerance}", got: $"{furthest}") { Code = ExitCode.Regression };
        return FormattableString.Invariant($"golden: {m.Golden.Count} rows answered over HTTP by {m.Name} {m.Version}, largest difference {furthest:G2}\n");
    }
}

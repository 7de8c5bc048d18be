namespace PortfolioProject.Bench;

/// <summary>bench: measures the service and writes a run of kind bench, which docs/LATENCY.md is rendered from once it is pinned.</summary>
public static class BenchVerb
{
    public static Command Create(Lazy<string> root)
    {
        var quick = new Option<bool>("--quick") { Description = "A few seconds, to see that everything works; its run is of kind bench-quick, which no document cites" };
        var bare = new Option<bool>("--bare") { Description = "Only serve the endpoint that the service is compared with", Hidden = true };
        var format = SharedVerbs.FormatOption();
        var command = new Command("bench", "Measure CPU, latency, cold start, memory, hot swap and rollback. Example: bench, then pin latest/bench") { quick, bare, format };
        command.SetAction(async (parsed, cancel) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(bare))
            {
                await BareServer.RunAsync(output, cancel);
                return (int)ExitCode.Pass;
            }

            var run = Measure(root.Value, parsed.GetValue(quick), cancel);
            if (parsed.GetValue(format) == "json") output.Write(BenchReport.Model(run).ToJsonString() + "\n");
            else BenchReport.Print(output, run);
            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static Run Measure(string root, bool quick, CancellationToken cancel)
    {
        var (training, config, suffix) = (TrainingConfig.Load(root), quick ? BenchConfig.Quick : new BenchConfig(), quick ? "-quick" : "");
        var place = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            using var writer = RunWriter.Start(root, Provenance.Describe(root, BenchReport.Kind + suffix, quick ? "bench --quick" : "bench", config, training.Seed, [training.Data.Path]));
            var resources = Screen.WithProgress(progress => new BenchRun(root, place, config, training, writer, progress, cancel).ExecuteAsync().GetAwaiter().GetResult());
            return writer.Finish(_ => writer.Manifest with { Resources = resources }, BenchReport.Measure);
        }
        finally { Directory.Delete(place, recursive: true); }
    }
}

namespace PortfolioProject.Cli;

/// <summary>The main job: the ladder over all seeds, the harder setting, the detection of planted faults, and the audit of the data as they stand.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root)
    {
        var (options, format) = (new RunOptions(), SharedVerbs.FormatOption());
        var shard = new Option<string?>("--shard") { Description = "Only a part of the seeds of the ladder, for example 1/4; `merge` joins the parts." };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the newest unfinished run of this configuration: nothing finished is lost." };
        var command = new Command("run", "Plants faults, climbs the data ladder and measures each step. Example: run --set faults.noise=0.25") { shard, resume, format };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var part = parsed.GetValue(shard) is { } text ? Shard.Parse(text) : null;
            var (config, table) = options.Load(parsed, root.Value);
            var ladder = new LadderRun(root.Value, config, table);
            string[] kinds = part is null && config.Planted is not null ? [LadderRun.Main, LadderRun.Hard, LadderRun.Detection] : [LadderRun.Main];
            var runs = Screen.WithProgress(progress => kinds.Select(kind => ladder.Execute(kind, options.Describe(parsed), part, parsed.GetValue(resume), progress, cancel)).ToList());
            Summary.Print(runs, parsed.InvocationConfiguration.Output, parsed.GetValue(format) == "json");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

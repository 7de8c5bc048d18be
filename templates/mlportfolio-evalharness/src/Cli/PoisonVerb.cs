namespace PortfolioProject.Cli;

/// <summary>What passages that instruct the reader do to every system.</summary>
internal static class PoisonVerb
{
    public static Command Create(Lazy<string> root, Func<string, string, IChatSystems>? chat)
    {
        var options = new RunOptions(chat);
        var format = SharedVerbs.FormatOption();
        var command = new Command("poison", "Lays the poisoned passages of data/poison over the corpus and counts what they reach. Example: poison --cassettes record") { options.Resume, format };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var run = Screen.WithProgress(progress => options.Load(parsed, root.Value).Run.ExecutePoison(options.Describe("poison", parsed), parsed.GetValue(options.Resume), progress, cancel));
            Console.Out.WriteLine(Summary.Rates(run, parsed.GetValue(format) == "json"));
            foreach (var (name, why) in run.Manifest.Facts?["not_measured"]?.AsObject() ?? []) Console.Error.WriteLine($"{name}: not measured, {why}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

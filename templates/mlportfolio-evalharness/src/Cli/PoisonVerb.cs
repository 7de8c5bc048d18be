namespace PortfolioProject.Cli;

/// <summary>What passages that instruct the reader do to every system.</summary>
internal static class PoisonVerb
{
    public static Command Create(Lazy<string> root, Func<string, string, IChatSystems>? chat)
    {
        var (options, format) = (new RunOptions(root, chat), SharedVerbs.FormatOption());
        return options.Act(new("poison", "Lays the poisoned passages of data/poison over the corpus and counts what they reach. Example: poison --cassettes record") { options.Resume, format }, job =>
        {
            var run = Screen.WithProgress(progress => job.Evaluation.ExecutePoison(options.Describe("poison", job.Parsed), job.Resume, progress, job.Cancel));
            Console.Out.WriteLine(Summary.Rates(run, job.Parsed.GetValue(format) == "json"));
            foreach (var (name, why) in run.Manifest.Facts?["not_measured"]?.AsObject() ?? []) Console.Error.WriteLine($"{name}: not measured, {why}");
        });
    }
}

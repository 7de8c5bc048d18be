namespace PortfolioProject.Cli;

/// <summary>The main job: every system on every question, the chunk sweep, the tables and the report.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root, Lazy<Portfolio> portfolio, Func<string, string, IChatSystems>? chat)
    {
        var options = new RunOptions(chat);
        var shard = new Option<string?>("--shard") { Description = "Only a part of the questions, for example 1/4; `merge` joins the parts." };
        var format = SharedVerbs.FormatOption();
        var command = new Command("run", "Evaluates every system under configs/systems and sweeps the chunkings. Example: run --set retrieval_depth=50") { shard, options.Resume, format };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var part = parsed.GetValue(shard) is { } text ? Shard.Parse(text) : null;
            var (_, data, evaluation) = options.Load(parsed, root.Value);
            foreach (var note in data.Notes) Console.Error.WriteLine("note: " + note);
            var resume = parsed.GetValue(options.Resume);
            var (run, sweep) = Screen.WithProgress(progress => (
                evaluation.Execute(options.Describe("run", parsed), part, resume, progress, cancel),
                part is null && data.Questions.Any(q => q.Spans.Count > 0) ? evaluation.ExecuteSweep(options.Describe("sweep", parsed), resume, progress, cancel) : null));
            var report = HtmlReport.Write(portfolio.Value, run, sweep);
            var shown = Path.GetRelativePath(Environment.CurrentDirectory, report);
            if (parsed.GetValue(format) == "json") Console.Out.WriteLine(Summary.Json(run, shown).ToJsonString());
            else Summary.Print(portfolio.Value, run, sweep, shown);
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

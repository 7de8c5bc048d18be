namespace PortfolioProject.Cli;

/// <summary>The main job: every system on every question, the chunk sweep, the tables and the report.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root, Lazy<Portfolio> portfolio, Func<string, string, IChatSystems>? chat)
    {
        var (options, format) = (new RunOptions(root, chat), SharedVerbs.FormatOption());
        var shard = new Option<string?>("--shard") { Description = "Only a part of the questions, for example 1/4; `merge` joins the parts." };
        return options.Act(new("run", "Evaluates every system under configs/systems and sweeps the chunkings. Example: run --set retrieval_depth=50") { shard, options.Resume, format }, job =>
        {
            var part = job.Parsed.GetValue(shard) is { } text ? Shard.Parse(text) : null;
            foreach (var note in job.Data.Notes) Console.Error.WriteLine("note: " + note);
            var sweeps = part is null && job.Data.Questions.Any(q => q.Spans.Count > 0);
            var (run, sweep) = Screen.WithProgress(progress => (
                job.Evaluation.Execute(options.Describe("run", job.Parsed), part, job.Resume, progress, job.Cancel),
                sweeps ? job.Evaluation.ExecuteSweep(options.Describe("sweep", job.Parsed), job.Resume, progress, job.Cancel) : null));
            var report = Path.GetRelativePath(Environment.CurrentDirectory, HtmlReport.Write(portfolio.Value, run, sweep));
            if (job.Parsed.GetValue(format) == "json") Console.Out.WriteLine(Summary.Json(run, report).ToJsonString());
            else Summary.Print(portfolio.Value, run, sweep, report);
        });
    }
}

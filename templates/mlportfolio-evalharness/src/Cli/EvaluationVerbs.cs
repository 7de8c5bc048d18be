namespace PortfolioProject.Cli;

/// <summary>The verbs that evaluate what configs/run.yaml says, each a run of its own kind.</summary>
internal static class EvaluationVerbs
{
    /// <summary>The main job: every system on every question, the chunk sweep, the tables and the report.</summary>
    public static Command Run(Lazy<string> root, Lazy<Portfolio> portfolio, Func<string, string, IChatSystems>? chat)
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

    /// <summary>The chunk sweep alone.</summary>
    public static Command Sweep(Lazy<string> root)
    {
        var (options, format) = (new RunOptions(root), SharedVerbs.FormatOption());
        return options.Act(new("sweep", "Compares chunkings at equal budgets of retrieved characters. Example: sweep --set sweep.budgets=[1000,3000]") { options.Resume, format }, job =>
        {
            if (job.Data.Questions.All(q => q.Spans.Count == 0))
                throw new UserError("the chunk sweep needs gold spans", job.Data.Path + "/questions.jsonl", field: "evidence", expected: "character spans of the evidence", got: "judgements by document only");
            var sweep = Screen.WithProgress(progress => job.Evaluation.ExecuteSweep(options.Describe("sweep", job.Parsed), job.Resume, progress, job.Cancel));
            Console.Out.WriteLine(job.Parsed.GetValue(format) == "json" ? ReportModel.Sweep(sweep, sweep.LoadMetrics()).ToJsonString() : string.Join('\n', Summary.Lines(sweep)));
        });
    }

    /// <summary>What passages that instruct the reader do to every system.</summary>
    public static Command Poison(Lazy<string> root, Func<string, string, IChatSystems>? chat)
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

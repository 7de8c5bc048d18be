namespace PortfolioProject.Cli;

/// <summary>The chunk sweep alone.</summary>
internal static class SweepVerb
{
    public static Command Create(Lazy<string> root)
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
}

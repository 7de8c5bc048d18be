namespace PortfolioProject.Cli;

/// <summary>The chunk sweep alone.</summary>
internal static class SweepVerb
{
    public static Command Create(Lazy<string> root)
    {
        var options = new RunOptions();
        var format = SharedVerbs.FormatOption();
        var command = new Command("sweep", "Compares chunkings at equal budgets of retrieved characters. Example: sweep --set sweep.budgets=[1000,3000]") { options.Resume, format };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var (_, data, evaluation) = options.Load(parsed, root.Value);
            if (data.Questions.All(q => q.Spans.Count == 0))
                throw new UserError("the chunk sweep needs gold spans", data.Path + "/questions.jsonl", field: "evidence", expected: "character spans of the evidence", got: "judgements by document only");
            var sweep = Screen.WithProgress(progress => evaluation.ExecuteSweep(options.Describe("sweep", parsed), parsed.GetValue(options.Resume), progress, cancel));
            Console.Out.WriteLine(parsed.GetValue(format) == "json" ? ReportModel.Sweep(sweep, sweep.LoadMetrics()).ToJsonString() : string.Join('\n', Summary.Lines(sweep)));
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

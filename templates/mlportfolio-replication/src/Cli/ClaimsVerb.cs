namespace PortfolioProject.Cli;

/// <summary>Judges claims.yaml on runs that exist; nothing is computed again.</summary>
internal static class ClaimsVerb
{
    public static Command Create(Lazy<string> root)
    {
        var from = new Option<string>("--from") { Description = "results (what is published) or runs (the newest complete run of each kind)", DefaultValueFactory = _ => "results" }.AcceptOnlyFromAmong("results", "runs");
        var lines = new Option<bool>("--lines") { Description = "Every measurement: paper against ours, interval, n, deviation." };
        var format = SharedVerbs.FormatOption();
        var command = new Command("claims", "Judges every claim by its outcome rule. Example: claims --from runs --lines") { from, lines, format };
        command.SetAction(parsed =>
        {
            var published = parsed.GetValue(from) == "results";
            var judged = ClaimJudge.Judge(ClaimFile.Read(root.Value), kind => published ? LabPortfolio.Published(root.Value, kind) : RunStore.NewestComplete(root.Value, kind));
            Print(judged, parsed.GetValue(format) == "json", parsed.GetValue(lines));
            return (int)ExitCode.Pass;
        });
        return command;
    }

    public static void Print(IReadOnlyList<JudgedClaim> judged, bool json, bool lines)
    {
        if (json) Console.Out.WriteLine(new JsonArray([.. judged.Select(ReportModel.Node)]).ToJsonString(new() { WriteIndented = true, NewLine = "\n" }));
        else if (lines) Summary.WriteLines(Console.Out, judged);
        else Summary.Write(Console.Out, judged);
    }
}

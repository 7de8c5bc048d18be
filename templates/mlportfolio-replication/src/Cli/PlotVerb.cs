namespace PortfolioProject.Cli;

/// <summary>Draws a run's figures and writes its tables; nothing is computed again.</summary>
internal static class PlotVerb
{
    public static Command Create(Lazy<string> root, IReadOnlyList<Study> studies)
    {
        var name = new Argument<string>("RUN") { Description = "A run: folder, id or its beginning, \"latest\" or \"results/<kind>\".", DefaultValueFactory = _ => "latest" };
        var folder = new Option<string?>("--out") { Description = "Where to; plots/ under the run when not given." };
        var command = new Command("plot", "Draws the figures of a run. Example: plot results/main --out figures") { name, folder };
        command.SetAction(parsed =>
        {
            var run = RunStore.Resolve(root.Value, parsed.GetValue(name)!).Run;
            var target = parsed.GetValue(folder) ?? Path.Combine(run.Folder, "plots");
            if (run.Cases.Count == 0) throw new UserError("the run holds no case yet", run.Folder);
            Artefacts.Write(LabPortfolio.StudyOf(studies, run.Manifest.Kind), run, target);
            Console.Out.WriteLine(string.Join('\n', Directory.GetFiles(target).Order(StringComparer.Ordinal)));
            return (int)ExitCode.Pass;
        });
        return command;
    }
}

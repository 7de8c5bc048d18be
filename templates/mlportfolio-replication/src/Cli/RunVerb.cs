using System.CommandLine;
using PortfolioProject.Evidence;
using PortfolioProject.Replication;

namespace PortfolioProject.Cli;

/// <summary>The main job: the main experiment of a paper, the ablations that its claims rest on, and a verdict for every claim.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root, IReadOnlyList<Study> studies)
    {
        var options = new RunOptions();
        var paper = new Option<string>("--paper") { Description = "Which paper: belkin (double descent) or grokking (modular addition).", DefaultValueFactory = _ => "belkin" }.AcceptOnlyFromAmong("belkin", "grokking");
        var smoke = new Option<bool>("--smoke") { Description = "The same, small enough for seconds; its runs are no evidence." };
        var command = new Command("run", "Runs the claims of a paper and prints a verdict for each. Example: run --paper grokking") { paper, smoke };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var study = studies.First(s => s.Name == parsed.GetValue(paper));
            var small = parsed.GetValue(smoke);
            var verb = "run" + (study.Name == "belkin" ? "" : " --paper " + study.Name) + (small ? " --smoke" : "");
            var claims = ClaimFile.Read(root.Value);
            var runs = Screen.WithProgress(progress =>
            {
                var main = options.Execute(parsed, root.Value, study, small ? study.Smoke : study.Main, verb, true, progress, cancel);
                var others = small || parsed.GetValue(options.Shard) is not null ? [] : claims.Claims.Select(c => c.Kind).Distinct().Where(k => k != main.Manifest.Kind && k != "main" && k != "grokking" && study == LabPortfolio.StudyOf(studies, k));
                return others.Select(kind => options.Execute(parsed, root.Value, study, AblateVerb.FileOf(root.Value, kind), "ablate " + AblateVerb.NameOf(kind), false, progress, cancel)).Prepend(main).ToList();
            });
            if (parsed.GetValue(options.Shard) is not null) return Task.FromResult((int)ExitCode.Pass);
            var judged = ClaimJudge.Judge(claims, kind => kind is "main" or "grokking" && study == LabPortfolio.StudyOf(studies, kind) ? runs[0] : runs.FirstOrDefault(r => r.Manifest.Kind == kind))
                .Where(c => study == LabPortfolio.StudyOf(studies, c.Claim.Kind)).ToList();
            ClaimsVerb.Print(judged, parsed.GetValue(options.Format) == "json", lines: false);
            if (parsed.GetValue(options.Format) == "json") return Task.FromResult((int)ExitCode.Pass);
            Console.Out.WriteLine($"\nfigures and tables: {Path.GetRelativePath(Environment.CurrentDirectory, runs[0].Folder)}\nnext: {(small ? "run, without --smoke" : "claims --lines (every measurement), ablate bandwidth, then pin latest")}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

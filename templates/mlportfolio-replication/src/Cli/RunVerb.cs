namespace PortfolioProject.Cli;

/// <summary>The main job: the main experiment of a paper, the ablations that its claims rest on, and a verdict for every claim.</summary>
internal static class RunVerb
{
    public static Command Create(Lazy<string> root, IReadOnlyList<Study> studies)
    {
        var options = new RunOptions();
        var paper = new Option<string>("--paper") { Description = "Which paper: belkin (double descent) or grokking (modular addition).", DefaultValueFactory = _ => "belkin" }.AcceptOnlyFromAmong([.. studies.Select(s => s.Name).Order(StringComparer.Ordinal)]);
        var config = new Option<string?>("--config") { Description = "Another configuration, relative to the repository's root; its kind says which paper." };
        var smoke = new Option<bool>("--smoke") { Description = "The same, small enough for seconds; its runs are no evidence." };
        var command = new Command("run", "Runs the claims of a paper and prints a verdict for each. Example: run --paper grokking") { paper, config, smoke };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var (small, own) = (parsed.GetValue(smoke), parsed.GetValue(config));
            if (small && own is not null) throw new UserError("two configurations", field: "--smoke", fix: "Leave out --smoke or --config");
            var study = own is null ? studies.First(s => s.Name == parsed.GetValue(paper)) : LabPortfolio.StudyOf(studies, Study.KindOf(root.Value, own));
            var verb = "run" + (own is not null ? " --config " + own : study.Name == "belkin" ? "" : " --paper " + study.Name) + (small ? " --smoke" : "");
            var claims = ClaimFile.Read(root.Value);
            var runs = Screen.WithProgress(progress =>
            {
                var main = options.Execute(parsed, root.Value, study, own ?? (small ? study.Smoke : study.Main), verb, true, progress, cancel);
                var others = main.Manifest.Kind is not ("main" or "grokking") || parsed.GetValue(options.Shard) is not null ? [] : claims.Claims.Select(c => c.Kind).Distinct().Where(k => k is not ("main" or "grokking") && study == LabPortfolio.StudyOf(studies, k));
                return others.Select(kind => options.Execute(parsed, root.Value, study, AblateVerb.FileOf(root.Value, kind), "ablate " + AblateVerb.NameOf(kind), false, progress, cancel)).Prepend(main).ToList();
            });
            if (parsed.GetValue(options.Shard) is not null) return Task.FromResult((int)ExitCode.Pass);
            var json = parsed.GetValue(options.Format) == "json";
            var smokes = runs[0].Manifest.Kind is "smoke" or "grokking-smoke";
            if (!smokes && runs[0].Manifest.Kind is not ("main" or "grokking")) AblateVerb.Print(runs[0], json);
            else
            {
                var judged = ClaimJudge.Judge(claims, kind => runs.FirstOrDefault(r => r.Manifest.Kind == kind) ?? (smokes && kind is "main" or "grokking" && study == LabPortfolio.StudyOf(studies, kind) ? runs[0] : null))
                    .Where(c => study == LabPortfolio.StudyOf(studies, c.Claim.Kind)).ToList();
                ClaimsVerb.Print(judged, json, lines: false);
                if (!json) Console.Out.WriteLine($"\nfigures and tables: {Path.GetRelativePath(Environment.CurrentDirectory, runs[0].Folder)}\nnext: {(smokes ? "run, without --smoke" : "claims --lines (every measurement), ablate bandwidth, then pin latest")}");
            }

            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}

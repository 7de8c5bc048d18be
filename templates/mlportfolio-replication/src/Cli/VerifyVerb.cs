namespace PortfolioProject.Cli;

/// <summary>Recomputes what is published and compares: exit 1 on a difference.</summary>
internal static class VerifyVerb
{
    private const int Shown = 10;

    public static Command Create(Lazy<string> root, IReadOnlyList<Study> studies)
    {
        var kinds = new Argument<string[]>("KIND") { Description = "Kinds under results/; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Recomputes published runs from their own manifests and compares every value. Example: verify main") { kinds };
        command.SetAction((parsed, cancel) =>
        {
            var results = Path.Combine(root.Value, "results");
            var known = Directory.Exists(results) ? Directory.GetDirectories(results).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList() : [];
            if (known.Count == 0) throw new UserError("nothing is published", "results", fix: "run, then pin latest");
            var asked = parsed.GetValue(kinds) is { Length: > 0 } named ? named : [.. known];
            foreach (var kind in asked.Where(k => !known.Contains(k))) throw new UserError("no published run of this kind", "results", got: UserError.Quote(kind), fix: ClosestName.Suggest(kind, known));
            var wrong = 0;
            foreach (var kind in asked)
            {
                var run = Run.Load(Path.Combine(results, kind));
                var (exact, differences) = Screen.WithProgress(progress => Verification.Verify(root.Value, LabPortfolio.StudyOf(studies, kind), run, LabPortfolio.Measure, progress, cancel));
                Console.Out.WriteLine($"{kind}: {(differences.Count == 0 ? $"{run.Cases.Count} cases recomputed, equal {(exact ? "to the last digit" : "to 1e-6 (another system than the one of run.json)")}" : $"{differences.Count} differences")}");
                foreach (var difference in differences.Take(Shown)) Console.Out.WriteLine("  " + difference);
                if (differences.Count > Shown) Console.Out.WriteLine($"  and {differences.Count - Shown} more");
                wrong += differences.Count;
            }

            return Task.FromResult((int)(wrong == 0 ? ExitCode.Pass : ExitCode.Regression));
        });
        return command;
    }
}

namespace PortfolioProject.Upkeep;

/// <summary>One step of docs/make-it-yours.md: done when nothing is left to do.</summary>
internal sealed record StepState(string Step, bool Done, string Evidence, string Todo);

/// <summary>The ordered way up, and which of its steps the repository shows.</summary>
internal static class WeekPlan
{
    private const double UntouchedShare = 0.1;

    public static IReadOnlyList<StepState> Judge(Snapshot s, Owned own)
    {
        var readme = s.Prose.Where(p => p.File == "README.md").ToList();
        var untouched = readme.Count(s.IsShipped);
        var broke = s.Prose.FirstOrDefault(p => !s.IsShipped(p) && p.Words >= 8 && p.Section.Contains("broke", StringComparison.OrdinalIgnoreCase))?.Where;
        var schedule = own.Automatic(@"^\s*-?\s*schedule:");
        var runs = own.Says("runs? (?:on|at|in|every)|deployed|hosted|clean clone|another machine");
        return
        [
            Step("run", (s.Git.IsRepository ? "git" : null, "put the repository under git"), (own.Run, "run it and pin the run"), (broke, "break a gate on purpose, and write what you saw under \"What broke\"")),
            Step("data", (own.Data, "publish a run on data of your own"), (own.Datasheet, "write its DATASHEET.md")),
            Step("system", (own.Setting, "change or add a setting under configs/"), (own.Test, "add a test file of your own")),
            Step("decisions", (own.Decision, "write a decision with origin: owner, and let pin compute its effect"), (own.Gates, "set the margins of configs/gates.yaml as you would defend them")),
            Step("deploy", (schedule, "put a workflow on a schedule and commit it"), (runs, "say where it runs, and what was not as described")),
            Step("memo", (readme.Count > 0 && untouched <= UntouchedShare * readme.Count ? "README.md" : null, $"README.md: {untouched} of {readme.Count} passages are the template's")),
        ];
    }

    private static StepState Step(string name, params (string? Evidence, string Todo)[] parts) => new(name, parts.All(p => p.Evidence is not null),
        string.Join(", ", parts.Select(p => p.Evidence).OfType<string>()), string.Join("; ", parts.Where(p => p.Evidence is null).Select(p => p.Todo)));
}

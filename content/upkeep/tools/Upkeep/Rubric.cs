namespace PortfolioProject.Upkeep;

/// <summary>One item with its points, the evidence for them, and what the next half point takes.</summary>
internal sealed record ItemScore(string Item, double Points, string Evidence, string Missing);

internal sealed record AreaScore(string Area, string Source, double Earned, double Of, IReadOnlyList<ItemScore> Items);

/// <summary>
/// The 28 tests of the ML Test Score (Breck et al., IEEE Big Data 2017), four areas of seven: half a point where a thing was done by hand and written down, one where
/// it repeats by itself; and the five ticks of Papers with Code's ML Code Completeness Checklist (Stojnic 2020). Only the owner's evidence
/// earns points. The rules see files and English words, not their worth: a score says what there is to look at.
/// </summary>
internal static class Rubric
{
    private const string TestScore = "Breck et al. 2017, The ML Test Score", Checklist = "Papers with Code, ML Code Completeness Checklist, 2020";
    private const string RunsCheck = @"src/Cli -- check", RunsTests = "dotnet test", Repeats = @"^\s*-?\s*schedule:|^\s*- cron:";

    /// <summary>By hand: where the evidence stands, or null. Automatic: what makes it repeat, or null; never counted without the first.</summary>
    private sealed record Rule(string Item, string? ByHand, string? Automatic, string HowByHand, string HowAutomatic = "nothing here can repeat it: half a point is what there is");

    public static IReadOnlyList<AreaScore> Judge(Snapshot s, Owned own)
    {
        string? Both(string? a, string? b) => a is null || b is null ? null : $"{a}, {b}";
        string? Tests(string word) => Both(own.Automatic(RunsTests), s.Files.FirstOrDefault(f => Snapshot.Under(f, "tests/") && Path.GetFileName(f).Contains(word, StringComparison.Ordinal)));
        string? Sliced() => s.Main?.Rows.Any(r => r["slice"] is not null) == true ? own.Says("slice|class|worst|group|subset") : null;
        var (check, tests, schedule, scheduled) = (own.Automatic(RunsCheck), own.Automatic(RunsTests), own.Automatic(Repeats), "a workflow on a schedule, committed");
        var (ci, ofYours, committed) = ("a committed workflow that runs check", "a published run on data of your own", "a committed workflow that runs the tests");
        var clean = own.Run is not null && $"{PinnedRun.Field(s.Main!.Manifest, "gitDirty")}" == "false" ? own.Run : null;
        return
        [
            Area("data", TestScore, 7,
                new("feature expectations are captured in a schema", Both(own.Data, s.Files.FirstOrDefault(f => f.EndsWith("contract.yaml", StringComparison.Ordinal) && s.IsOwners(f)) ?? own.Datasheet), check, "data of your own with a datasheet or contract", ci),
                new("all features are beneficial", own.Decision, check, "a decision of yours with a measured effect", ci),
                new("no feature costs too much", Both(own.Run, own.Says("cost|latenc|price|cheap|budget|effort")), Both(schedule, own.Run), "a run of yours, and a passage on cost", scheduled),
                new("features keep to meta-level requirements", Both(own.Data, own.Says("licen[cs]e|consent|allowed|source|collected|label")), Both(own.Datasheet, check), "data of your own, and a passage on what may be used and how it was collected", "a datasheet beside the data, and " + ci),
                new("the pipeline controls privacy", own.Says("privacy|personal|consent|retention|anonym"), own.Automatic("-- doctor"), "a passage of yours on personal data", "a committed workflow that runs doctor (it looks for secrets)"),
                new("new features can be added quickly", Both(own.Run, own.Setting), null, "a setting of yours in a published run"),
                new("all input feature code is tested", Both(own.Data, own.Test), tests, "data of your own and a test of yours", committed)),
            Area("model", TestScore, 7,
                new("model specifications are reviewed and submitted", Both(own.Setting, clean), own.Automatic("pull_request"), "a setting of yours, and a run from a commit", "a committed workflow on pull requests"),
                new("offline and online metrics correlate", own.Says("online|a/b|canary|shadow|feedback|live traffic"), null, "a passage of yours on what offline numbers predict"),
                new("all hyperparameters are tuned", Both(own.Setting, own.Decision), check, "a setting of yours, and a decision that measured it", ci),
                new("the impact of staleness is known", own.Says("stale|retrain|drift|out of date|older"), null, "a passage of yours on how fast it ages"),
                new("a simpler model is not better", Both(own.Data, own.Decision), Both(own.Gates, check), ofYours + ", and a decision of yours", "a gate of yours, and " + ci),
                new("quality is sufficient on important slices", Both(own.Run, Sliced()), Both(check, CustodyReview.LineOf(s.Text(Gate.ConfigFile), "slice:") is { } line ? $"{Gate.ConfigFile}:{line}" : null), "a sliced run of yours, and a passage on the worst slice", "a gate on a slice, and " + ci),
                new("the model is tested for inclusion", own.Says("fair|inclusi|bias|disparit|minorit|left out|whom"), null, "a passage of yours on whom it serves worse")),
            Area("infrastructure", TestScore, 7,
                new("training is reproducible", clean, Both(check, own.Automatic("src/Cli")), "a published run from a commit with nothing changed", ci),
                new("model specifications are unit tested", own.Test, tests, "a test of yours", committed),
                new("the pipeline is integration tested", own.Run, Both(tests, own.Automatic(@"src/Cli")), "a published run of yours", "a committed workflow that tests and runs"),
                new("quality is validated before serving", Both(own.Run, own.Gates), check, "a run and a gate of yours", ci),
                new("the model is debuggable", own.Says("broke|symptom|cause|debug"), null, "what broke, in your words"),
                new("models are canaried before serving", own.Says("canary|canaries|shadow|staged"), Tests("Trial"), "a passage of yours on staged rollout", "tests of it, run by a committed workflow"),
                new("models can be rolled back", own.Says("roll(?:ed|ing)? ?back|rollback|revert"), Tests("Swap"), "a passage of yours on going back", "tests of it, run by a committed workflow")),
            Area("monitoring", TestScore, 7,
                new("dependency changes are noticed", Both(own.Says("dependenc|upgrade|package|lock file"), s.Files.FirstOrDefault(f => f.EndsWith("packages.lock.json", StringComparison.Ordinal))), s.Files.FirstOrDefault(f => (f.Contains("dependabot", StringComparison.Ordinal) || f.Contains("renovate", StringComparison.Ordinal)) && s.Git.Tracked.Contains(f)), "a passage of yours on upgrades", "dependabot or renovate, committed"),
                new("data invariants hold for inputs", Both(own.Data, own.Datasheet), check, "data of your own with a datasheet", ci),
                new("training and serving are not skewed", own.Says("skew|train\\w* and serv|same code"), Tests("Drift"), "a passage of yours on skew", "tests of it, run by a committed workflow"),
                new("models are not too stale", Both(own.Run, own.Says("stale|retrain|out of date")), schedule, "a run of yours, and a passage on retraining", scheduled),
                new("models are numerically stable", own.Run is not null && s.Main!.Rows.All(r => r["unscored"]?.ToString() is "0") ? own.Run : null, tests, "a published run of yours without an unscored case", committed),
                new("computing performance has not regressed", Both(own.Run, own.Says("latenc|milliseconds|throughput|slower|faster")), schedule, "a run of yours, and a passage on time", scheduled),
                new("prediction quality has not regressed", Both(own.Run, s.Sizes.ContainsKey(Gate.ConfigFile) ? Gate.ConfigFile : null), Both(schedule, check), "a published run of yours, and gates", scheduled + " that runs check")),
            Area("completeness", Checklist, 5,
                Tick("dependencies", s.Files.FirstOrDefault(f => f.EndsWith("packages.lock.json", StringComparison.Ordinal)), "lock files"),
                Tick("training code", Both(s.Files.FirstOrDefault(f => f.StartsWith("src/Cli/", StringComparison.Ordinal)), own.Run), "a published run of yours"),
                Tick("evaluation code", Both(own.Data, own.Run), ofYours),
                Tick("pretrained models", s.Files.FirstOrDefault(f => (f.EndsWith(".safetensors", StringComparison.Ordinal) || f.EndsWith(".onnx", StringComparison.Ordinal)) && s.Git.Tracked.Contains(f)) ?? own.Says("(?:weights|models?|answers) (?:are|is|can be) (?:at|in|under|download|fetched)"), "weights in the repository, or a passage that says where they are"),
                Tick("results with the command that makes them", Both(own.Run, s.Documents.FirstOrDefault(d => d.File == "README.md")?.Exhibits.FirstOrDefault(e => e.Body.Contains('|'))?.File), "a published run of yours, tabled in README")),
        ];
    }

    private static Rule Tick(string item, string? evidence, string how) => new(item, evidence, evidence, how, "");

    private static AreaScore Area(string area, string source, double of, params Rule[] rules)
    {
        var items = rules.Select(r => r.ByHand is null ? new ItemScore(r.Item, 0, "", r.HowByHand) : new ItemScore(r.Item, r.Automatic is null ? 0.5 : 1,
            string.Join(", ", $"{r.ByHand}, {r.Automatic}".Split(", ", StringSplitOptions.RemoveEmptyEntries).Distinct()), r.Automatic is null ? r.HowAutomatic : "")).ToList();
        return new AreaScore(area, source, items.Sum(i => i.Points), of, items);
    }
}

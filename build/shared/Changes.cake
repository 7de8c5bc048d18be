/// <summary>
/// What a change touches, for --changed: which templates have to be looked at, and on which levels (none: every one). What the tests, the build or
/// all templates rest on touches everything; a template's own files and an overlay's touch the templates that are composed of them.
/// </summary>
sealed class Changes
{
    public List<string> Files { get; } = new();
    public SortedSet<string> Templates { get; } = new(StringComparer.Ordinal);
    public SortedSet<string> Levels { get; } = new(StringComparer.Ordinal) { "L0" };
    public bool IsEverything { get; private set; }

    /// <param name="since">A revision; "true" for where this branch left main, or the last commit on main itself.</param>
    public static Changes Since(string since)
    {
        var changes = new Changes();
        var baseline = since != "true" ? since : Git("merge-base", "HEAD", Git("rev-parse", "--verify", "-q", "origin/main").Length > 0 ? "origin/main" : "main").Trim();
        if (since == "true" && (baseline.Length == 0 || baseline == Git("rev-parse", "HEAD").Trim()))
        {
            baseline = "HEAD~1";
        }

        changes.Files.AddRange(Lines(Git("diff", "--name-only", baseline)).Concat(Lines(Git("ls-files", "--others", "--exclude-standard"))).Distinct().OrderBy(f => f, StringComparer.Ordinal));
        foreach (var file in changes.Files)
        {
            changes.Touch(file.Split('/'));
        }

        return changes;
    }

    private void Touch(string[] path)
    {
        var all = System.IO.Directory.GetDirectories(System.IO.Path.Combine(Pack.Root, "templates")).Select(f => System.IO.Path.GetFileName(f)).ToList();
        switch (path)
        {
            case ["templates", var template, _, ..] when all.Contains(template):
                Templates.Add(template);
                Everywhere();
                break;
            case ["content", var overlay, _, ..]:
                Templates.UnionWith(all.Where(t => System.IO.File.ReadAllText(System.IO.Path.Combine(Pack.Root, "templates", t, ".template.config", "template.json")).Contains($"content/{overlay}/")));
                Everywhere();
                break;
            case ["tests", "manifests", ..] or ["tests", "linters", ..]:
                Levels.Add("L1");
                break;
            case ["tests", "Pack.Tests", var folder, _, ..] when LevelOf(folder) is { } level:
                Levels.Add(level);
                break;
            case ["tests", "Benchmarks", ..] or ["README.md"] or ["LICENSE"] or [".github", ..] or [".ci", ..]:
                Levels.Add("L1");
                break;
            default:
                IsEverything = true;
                break;
        }
    }

    private void Everywhere() => Levels.UnionWith(new[] { "L0", "L1", "L2", "L3", "L4", "L5" });

    private static string LevelOf(string folder) => folder switch
    {
        "Lint" => "L0",
        "Instantiate" or "Linters" => "L1",
        "Verify" => "L2",
        "Sabotage" => "L4",
        "Ship" => "L5",
        _ => null,
    };

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Git(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = Pack.Root, RedirectStandardOutput = true };
        using var git = System.Diagnostics.Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : "";
    }
}

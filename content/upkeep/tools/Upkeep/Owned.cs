using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>
/// What in the repository is its owner's, each with the place that shows it, or null: the evidence that scores and steps rest on. What the template
/// laid down never counts.
/// </summary>
internal sealed class Owned(Snapshot s)
{
    private const int EnoughWords = 8;
    private readonly Dictionary<string, string?> _says = [];

    /// <summary>The published run, when it is not the one that the template shipped.</summary>
    public string? Run { get; } = s.Main is { Id.Length: > 0 } main && !s.Shipped.Runs.Contains(main.Id) ? "results/main/run.json" : null;

    /// <summary>The first data file that a published run read and the template did not ship.</summary>
    public string? Data { get; } = s.Pinned.SelectMany(r => r.Data).FirstOrDefault(d => !s.Shipped.HoldsData(d.Sha256)).Path;

    /// <summary>A datasheet of the owner's in that file's folder or the one above.</summary>
    public string? Datasheet => Data?.Split('/') is { } parts ? Enumerable.Range(1, parts.Length - 1).Reverse().Select(n => string.Join('/', parts[..n]) + "/DATASHEET.md").FirstOrDefault(s.IsOwnersFile) : null;

    /// <summary>Decisions of the owner's with an effect that runs of the owner's show, copies aside.</summary>
    public IReadOnlyList<DecisionFile> Decisions { get; } = [.. s.Decisions.Where(d => d.IsOwners && d.Verdict != Format.NotMeasured && !s.Decisions.Any(o => o != d && o["hypothesis"] == d["hypothesis"])
        && s.Pinned.Any(r => d["after"].StartsWith($"results/{r.Kind}", StringComparison.Ordinal) && !s.Shipped.Runs.Contains(r.Id)))];

    public string? Decision => Decisions.FirstOrDefault()?.File;

    /// <summary>A setting that the template did not ship as it stands.</summary>
    public string? Setting { get; } = s.Files.FirstOrDefault(f => ShippedList.IsSetting(f) && f != Gate.ConfigFile && s.IsOwners(f));

    public string? Gates { get; } = s.IsOwnersFile(Gate.ConfigFile) ? Gate.ConfigFile : null;

    /// <summary>A test file that the template did not bring.</summary>
    public string? Test { get; } = s.Files.FirstOrDefault(f => Snapshot.Under(f, "tests/") && f.EndsWith(".cs", StringComparison.Ordinal) && s.IsOwners(f));

    /// <summary>A passage of the owner's that speaks of a subject, in its heading or its words.</summary>
    public string? Says(string pattern) => _says.TryGetValue(pattern, out var known) ? known : _says[pattern] =
        s.Prose.FirstOrDefault(p => p.Words >= EnoughWords && !s.IsShipped(p) && Regex.IsMatch(p.Section + " " + p.Text, $@"\b(?:{pattern})", RegexOptions.IgnoreCase))?.Where;

    /// <summary>A line of a committed workflow that matches: what runs by itself.</summary>
    public string? Automatic(string pattern) => s.Files.Where(f => Snapshot.Under(f, ".github/") && s.Git.Tracked.Contains(f)).SelectMany(f => (s.Text(f) ?? "").Split('\n').Index()
        .Where(l => !l.Item.TrimStart().StartsWith('#') && Regex.IsMatch(l.Item, pattern)).Select(l => $"{f}:{l.Index + 1}")).FirstOrDefault();
}

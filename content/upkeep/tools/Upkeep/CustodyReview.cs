namespace PortfolioProject.Upkeep;

/// <summary>What a reviewer objects to in what is the owner's and what is not: run, data, decisions, licence, author; and in what lies about: secrets, large files, uncommitted evidence.</summary>
internal static partial class CustodyReview
{
    private const int EnoughDecisions = 5, LongestHypothesis = 60;
    private const long LargestFile = 10_000_000;
    private const string DefaultOwner = "the authors of this repository";

    public static IEnumerable<Complaint> Of(Snapshot s, Owned own) => [.. Versions(s), .. Evidence(s, own), .. Decisions(s), .. Rights(s), .. Large(s), .. SecretScan.Of(s)];

    private static IEnumerable<Complaint> Versions(Snapshot s)
    {
        if (!s.Git.IsRepository)
        {
            yield return new("no-git", "run", ".", s.Git.Problem.Length > 0 ? s.Git.Problem : "no git repository: nothing says when or by whom anything was made",
                "The history is the evidence that the work was done, and in which order.", "git init, commit the repository as generated, then work in small commits.");
            yield break;
        }

        var loose = s.Git.Uncommitted.Where(f => f == "README.md" || new[] { "results/", "docs/", "data/", "configs/" }.Any(d => Snapshot.Under(f, d))).Order(StringComparer.Ordinal).ToList();
        if (loose.Count > 0)
            yield return new("uncommitted", "run", loose[0], $"{loose.Count} files of the evidence are not committed", "What a reviewer clones is not what you see; the claim and its proof have parted.", "Commit results, documents, data and settings together.");
        if (s.Main is { } main && !s.Shipped.Runs.Contains(main.Id) && $"{PinnedRun.Field(main.Manifest, "gitDirty")}" != "false")
            yield return new("run-of-no-commit", "run", "results/main/run.json", "the pinned run was made from files that no commit holds", "Nobody, you included, can go back to the code that gave these numbers.", "Commit, run, pin, commit.");
    }

    private static IEnumerable<Complaint> Evidence(Snapshot s, Owned own)
    {
        if (own.Run is null)
            yield return new("shipped-run", "run", s.Main is null ? "results" : "results/main/run.json", s.Main is null ? "nothing is pinned" : $"run {s.Main.Id} came with the template", "The numbers in README are somebody else's.", "dotnet run --project src/Cli, then pin latest.");
        if (own.Data is null)
            yield return new("shipped-data", "data", s.Main?.Data.Select(d => d.Path).FirstOrDefault() ?? "data", "every data file that a published run read is the template's", "Data that everybody has shows how the template works, not how you do.", "Bring a data set or question set that you know, run on it, pin.");
        else if (own.Datasheet is null)
            yield return new("no-datasheet", "data", own.Data, "no DATASHEET.md beside it", "Where data come from, who labelled them and what is wrong with them is the first question.", "Write it: source, licence, how labelled, known problems.");
    }

    private static IEnumerable<Complaint> Decisions(Snapshot s)
    {
        if (s.Decisions.Count < EnoughDecisions)
            yield return new("few-decisions", "decisions", "docs/decisions", $"{s.Decisions.Count} decisions, fewer than {EnoughDecisions}", "Judgement shows in what was tried and dropped; there is little of it to read.", "One file a decision: hypothesis, one changed factor, two runs.");
        if (!s.Decisions.Any(d => d.IsOwners))
            yield return new("no-owner-decision", "decisions", "docs/decisions", $"none of {s.Decisions.Count} decisions says origin: owner", "All the judgement in this repository came with the template.", "Copy a file, set origin: owner, name two operands, pin. Keep it if it failed.");
        foreach (var d in s.Decisions.Where(d => d.IsOwners))
            if (s.Decisions.FirstOrDefault(o => o != d && o["hypothesis"] == d["hypothesis"]) is { } same)
                yield return new("copied-decision", "decisions", d.File, $"its hypothesis is that of {same.File}", "A copied decision is nobody's.", "Write the hypothesis that you had.");
            else if (d.Verdict == Format.NotMeasured)
                yield return new("unmeasured-decision", "decisions", d.File, "no effect stands in its evidence block", "A decision without an effect is an opinion.", "Name two pinned operands, then pin; the block is rendered.");
    }

    private static IEnumerable<Complaint> Rights(Snapshot s)
    {
        var licence = s.Files.FirstOrDefault(f => !f.Contains('/') && (f.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase) || f.StartsWith("LICENCE", StringComparison.OrdinalIgnoreCase) || f.StartsWith("COPYING", StringComparison.Ordinal)));
        if (licence is null)
            yield return new("no-licence", "run", "LICENSE", "no licence file", "Without one nobody else has the right to use it, and a company will not try.", "Choose a licence and put its text in LICENSE.");
        foreach (var file in new[] { licence, "README.md" }.OfType<string>())
            if (LineOf(s.Text(file), DefaultOwner) is { } line)
                yield return new("no-author", "run", $"{file}:{line}", $"the author reads \"{DefaultOwner}\"", "Work that nobody signs is work that nobody answers for.", "Write your name.");
    }

    private static IEnumerable<Complaint> Large(Snapshot s) => s.Files.Where(f => s.Sizes[f] > LargestFile && (s.Git.IsRepository ? s.Git.Tracked.Contains(f) : !Snapshot.Under(f, "models/"))).Select(f =>
        new Complaint("large-file", "data", f, Format.Number(s.Sizes[f] / 1e6, 1) + " MB", "Everybody who clones pays for it for ever, history included.", "Keep it elsewhere with its sha256 and a line that fetches it; take it out of the history."));

    public static int? LineOf(string? text, string words) => text?.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at ? text.AsSpan(0, at).Count('\n') + 1 : null;
}

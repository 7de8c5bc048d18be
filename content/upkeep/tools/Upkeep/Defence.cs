using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>A question that this repository invites, and the file to look at before answering.</summary>
internal sealed record Question(string About, string Text, string LookAt);

/// <summary>The questions that an interviewer would ask of this repository, from its own weak spots, with their names and numbers. No answers.</summary>
internal static partial class Defence
{
    private const int OfAKind = 3, FewCases = 10;

    public static IReadOnlyList<Question> Of(Snapshot s) =>
        [.. Metrics(s), .. Decisions(s), .. Unmeasured(s), .. Claims(s), .. Stages(s), .. Gates(s), .. Untested(s), .. Sizes(s), .. Beginnings(s)];

    public static string Render(IReadOnlyList<Question> questions) => questions.GroupBy(q => q.About).Aggregate(
        new StringBuilder("# Defence\n\nWhat an interviewer would ask of this repository, from its own weak spots. The answers are yours.\n"), (text, about) =>
            text.Append($"\n## {about.Key}\n\n").AppendJoin("", about.Select(q => $"- {q.Text} Look at `{q.LookAt}`.\n"))).ToString();

    private static IEnumerable<Question> Metrics(Snapshot s)
    {
        const string file = "results/main/metrics.json";
        var settled = Settled(s);
        var rows = (s.Main?.Rows ?? []).Select(r => new MetricFact(r)).Where(r => r.Value is not null && r.Direction != "none").ToList();
        var named = rows.Where(r => settled.Contains(r.Variant)).ToList() is { Count: > 0 } some ? some : rows;
        if (named.Where(r => r is { Slice: null, Low: not null } && r.Value != 0).MaxBy(r => (r.High - r.Low) / Math.Abs(r.Value!.Value)) is { } widest)
            yield return new("Uncertainty", $"{widest.Name} of `{widest.Variant}` is {widest.Measured}, over {widest.N} cases: the widest interval of what this repository decides by. What would you still conclude at its bad end, and how many cases would halve it?", file);
        var slices = named.Where(r => r.Slice is not null && r.N >= FewCases).Select(r => (Row: r, Whole: named.FirstOrDefault(w => w.Slice is null && w.Name == r.Name && w.Variant == r.Variant)))
            .Where(p => p.Whole?.Value is not null and not 0).OrderByDescending(p => (p.Row.Direction == "lower" ? 1 : -1) * (p.Row.Value - p.Whole!.Value) / Math.Abs(p.Whole.Value!.Value));
        foreach (var (worst, whole) in slices.Take(1))
            yield return new("Slices", $"{worst.Name} of `{worst.Variant}` is {Format.Number(whole!.Value)} overall and {worst.Measured} at {worst.Slice} (n {worst.N}). Who is in that slice, and would you ship?", file);
        foreach (var r in named.Where(r => r is { Flag: not null, Slice: null }).DistinctBy(r => r.Flag).Take(OfAKind))
            yield return new("Uncertainty", $"{r.Name} of `{r.Variant}` carries the flag \"{r.Flag}\". Why is it still in a table?", file);
        if (rows.Where(r => r.Unscored > 0).MaxBy(r => r.Unscored) is { } unscored)
            yield return new("Uncertainty", $"{unscored.Unscored} cases of `{unscored.Variant}` have no {unscored.Name}. What if they are the hard ones?", file);
    }

    private static IEnumerable<Question> Decisions(Snapshot s)
    {
        var ownersFirst = s.Decisions.OrderByDescending(d => d.IsOwners).ToList();
        foreach (var d in ownersFirst.Where(d => d.Verdict == "no evidence").Take(OfAKind))
            yield return new("Decisions", $"\"{d.Title}\" moved {d["metric"]} by {Moved(d)}: no evidence. Why is it in, and what would have to be true for you to take it out?", d.File);
        foreach (var d in ownersFirst.Where(d => d.Verdict == "worse").Take(OfAKind))
            yield return new("Decisions", $"\"{d.Title}\" made {d["metric"]} worse by {Moved(d)}. Who decided that this is good news?", d.File);
        var nobodys = s.Decisions.Any(d => d.IsOwners) ? "" : $"None of {s.Decisions.Count} decisions is yours. ";
        foreach (var d in ownersFirst.Where(d => d.Verdict == "better").Take(1))
            yield return new("Decisions", $"{nobodys}\"{d.Title}\" made {d["metric"]} better by {Moved(d)}. Which other explanation did nobody rule out?", d.File);
    }

    private static IEnumerable<Question> Unmeasured(Snapshot s) =>
        from cell in s.Documents.Where(d => Document.IsMemo(d.File)).SelectMany(d => d.Exhibits).SelectMany(e => e.Body.Split('\n').Index().Where(l => l.Item.Contains(Format.NotMeasured, StringComparison.Ordinal))
            .Select(l => (Text: l.Item.Replace("*", "", StringComparison.Ordinal).TrimStart('|', ' ', '-').Split('|')[0].Trim(), At: $"{e.File}:{e.Line + 1 + l.Index}"))).DistinctBy(c => c.Text).Take(OfAKind)
        select new Question("Not measured", $"\"{(cell.Text.Length > 90 ? cell.Text[..90] + "…" : cell.Text)}\" reads not measured. What do you expect there, and which command settles it?", cell.At);

    private static IEnumerable<Question> Claims(Snapshot s) =>
        from line in s.Documents.SelectMany(d => d.Exhibits).SelectMany(e => e.Body.Split('\n').Index().Where(l => Failed().IsMatch(l.Item)).Select(l => (l.Item, At: $"{e.File}:{e.Line + 1 + l.Index}"))).DistinctBy(l => l.Item).Take(OfAKind)
        let cells = line.Item.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)
        select new Question("Claims", $"{cells[0].Trim('*')} {Failed().Match(line.Item).Groups[1].Value switch { "partly" => "reproduced partly", var v => v }}: {cells.ElementAtOrDefault(2)} Is the paper wrong, or are you?", line.At);

    private static IEnumerable<Question> Stages(Snapshot s) => s.Pinned.SelectMany(r => r.Stages.Select(t => (Kind: r.Kind, Variant: $"{t["variant"]}", Stage: $"{t["stage"]}", P50: MetricFact.Number(t["p50"]), P99: MetricFact.Number(t["p99"]))))
        .Where(t => t.P99 is not null).OrderByDescending(t => t.P99).Take(1).Select(t => new Question("Time",
            $"The slowest stage is {t.Stage} of `{t.Variant}`: p50 {Format.Number(t.P50, 1)} ms, p99 {Format.Number(t.P99, 1)} ms. Where does the time go, and what goes first when it must fall by 70 %?", $"results/{t.Kind}/latency.json"));

    private static IEnumerable<Question> Gates(Snapshot s) => GateLine().Matches(s.Text(Gate.ConfigFile) ?? "").OrderByDescending(m => MetricFact.Parse(m.Groups["margin"].Value)).Take(1).Select(m => new Question("Gates",
        $"{m.Groups["metric"].Value} of `{m.Groups["variant"].Value}` may get worse by {m.Groups["margin"].Value} and still pass. Who would notice that much, and what did you break to see the gate go red?", Gate.ConfigFile));

    /// <summary>The setting that tests speak of least, and the largest code file whose type no test names.</summary>
    private static IEnumerable<Question> Untested(Snapshot s)
    {
        var tests = string.Concat(s.Files.Where(f => Snapshot.Under(f, "tests/") && f.EndsWith(".cs", StringComparison.Ordinal)).Select(s.Text));
        int Mentions(string file) => Regex.Count(tests, $@"(?<!\w){Regex.Escape(Path.GetFileNameWithoutExtension(file))}(?!\w)");
        if (s.Files.Where(f => Snapshot.Under(f, "configs/") && f.EndsWith(".yaml", StringComparison.Ordinal)).MinBy(Mentions) is { } setting)
            yield return new("Tests", $"{setting} is named {Mentions(setting)} times in tests, less than any other setting. What happens when a value in it is wrong by a factor of ten?", setting);
        if (s.Files.Where(f => Snapshot.Under(f, "src/") && !Snapshot.Under(f, "src/Evidence/") && f.EndsWith(".cs", StringComparison.Ordinal) && Mentions(f) == 0).MaxBy(f => s.Sizes[f]) is { } code)
            yield return new("Tests", $"No test names {Path.GetFileNameWithoutExtension(code)}, {s.Sizes[code]:N0} bytes of code. Which test goes red when it is wrong?", code);
    }

    private static IEnumerable<Question> Sizes(Snapshot s) => s.Files.Where(f => !s.Git.IsRepository || s.Git.Tracked.Contains(f)).OrderByDescending(f => s.Sizes[f]).Take(1).Select(f =>
        new Question("Repository", $"The largest file is {f}, {Format.Number(s.Sizes[f] / 1e6, 1)} MB. Why does a clone need it?", f));

    private static IEnumerable<Question> Beginnings(Snapshot s)
    {
        if (s.Main is null) yield return new("Repository", "Nothing is published. What would the first number be, and what would it be compared with?", "docs/make-it-yours.md");
        else if (s.Shipped.Runs.Contains(s.Main.Id)) yield return new("Repository", $"Run {s.Main.Id} came with the template. What came out when you ran it?", "results/main/run.json");
        else if ($"{PinnedRun.Field(s.Main.Manifest, "gitDirty")}" != "false") yield return new("Repository", $"Run {s.Main.Id} was made from files that no commit holds. How do you get back to that code?", "results/main/run.json");
    }

    /// <summary>Variants that a gate watches or a decision ends with: what the repository stands for.</summary>
    private static HashSet<string> Settled(Snapshot s) => [.. GateLine().Matches(s.Text(Gate.ConfigFile) ?? "").Select(m => m.Groups["variant"].Value), .. s.Decisions.Select(d => d["after"].Split(':', 2)[^1])];

    private static string Moved(DecisionFile d) => Effect().Match(d.Effect).Value.Replace(" | ", " ", StringComparison.Ordinal);

    [GeneratedRegex(@"metric: (?<metric>[^,}]{1,80}), *variant: (?<variant>[^,}]{1,80}), *margin: (?<margin>[\d.]+)")]
    private static partial Regex GateLine();

    /// <summary>The difference and its interval, out of a decision's table.</summary>
    [GeneratedRegex(@"[-+]?\d[\d.,]{0,30} \| \[[^\]]{0,60}\]")]
    private static partial Regex Effect();

    [GeneratedRegex(@"^\|.*\*\*(partly|not reproduced)\*\*")]
    private static partial Regex Failed();
}

/// <summary>A row of metrics.json as far as it can be read.</summary>
internal sealed class MetricFact(JsonObject row)
{
    public string Name { get; } = $"{row["name"]}";
    public string Variant { get; } = $"{row["variant"]}";
    public string Direction { get; } = $"{row["direction"]}";
    public string? Slice { get; } = row["slice"]?.ToString();
    public string? Flag { get; } = row["flag"]?.ToString();
    public double? Value { get; } = Number(row["value"]);
    public double? Low { get; } = Number(PinnedRun.Field(row["interval"], "low"));
    public double? High { get; } = Number(PinnedRun.Field(row["interval"], "high"));
    public double N { get; } = Number(row["n"]) ?? 0;
    public double Unscored { get; } = Number(row["unscored"]) ?? 0;
    public string Measured => $"{Format.Number(Value)} {Format.Bounds(Low, High)}";

    public static double? Number(JsonNode? node) => node is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? v.GetValue<double>() : null;

    public static double Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
}

using System.Text;

namespace PortfolioProject.Upkeep;

/// <summary>A decision's front matter, read line by line, and the verdict that its evidence block shows.</summary>
internal sealed record DecisionFile(string File, IReadOnlyDictionary<string, string> Header, string Effect)
{
    public string Title => this["title"] is { Length: > 0 } title ? title : File;
    public bool IsOwners => this["origin"] == "owner";
    public string Verdict => new[] { "no evidence", "better", "worse" }.FirstOrDefault(v => Effect.Contains($"**{v}**", StringComparison.Ordinal)) ?? Format.NotMeasured;
    public string this[string key] => Header.GetValueOrDefault(key, "");
}

/// <summary>A pinned run: manifest, metrics and latency as JSON; what cannot be read is null, and stands among the broken files.</summary>
internal sealed record PinnedRun(string Kind, JsonNode? Manifest, JsonNode? Metrics, JsonNode? Latency)
{
    public string Id => $"{Field(Manifest, "id")}";
    public IEnumerable<JsonObject> Rows => Objects(Metrics);
    public IEnumerable<JsonObject> Stages => Objects(Latency);
    public IEnumerable<(string Path, string Sha256)> Data => Field(Manifest, "data") is JsonArray files ? files.OfType<JsonObject>().Select(f => ($"{f["path"]}", $"{f["sha256"]}")) : [];

    public static JsonNode? Field(JsonNode? node, string name) => node is JsonObject o ? o[name] : null;

    private static IEnumerable<JsonObject> Objects(JsonNode? page) => Field(page, "rows") is JsonArray rows ? rows.OfType<JsonObject>() : [];
}

/// <summary>The repository as it stands on disk, read once. Nothing throws for what it finds: what cannot be read is listed in <see cref="Broken"/>.</summary>
internal sealed class Snapshot
{
    private const long LongestText = 4 << 20;
    private static readonly HashSet<string> NotOurs = ["bin", "obj", "runs", "logs", ".git", ".vs", ".idea", "node_modules", "TestResults", "__pycache__", ".venv"];
    private readonly Dictionary<string, string?> _texts = [];

    public Snapshot(string root)
    {
        Root = root;
        Shipped = ShippedList.Parse(TextFile.Read(Path.Combine(root, ShippedList.Path), "It says what the template laid down: take it back from version control"));
        Sizes = Walk(root, "").ToDictionary(f => f.Path, f => f.Bytes);
        Files = [.. Sizes.Keys.Order(StringComparer.Ordinal)];
        Git = Git.Ask(root);
        Documents = [.. Files.Where(f => Document.IsMemo(f) || Document.IsDecision(f)).Select(f => (File: f, Text: Text(f)))
            .Where(d => d.Text is not null).Select(d => new Document(d.File, d.Text!))];
        Decisions = [.. Documents.Where(d => Document.IsDecision(d.File)).Select(d => new DecisionFile(d.File, Header(Text(d.File)!), string.Concat(d.Exhibits.Select(e => e.Body))))];
        Pinned = [.. Files.Where(f => Under(f, "results/") && f.Split('/') is [_, _, "run.json"]).Select(f => f.Split('/')[1])
            .Select(k => new PinnedRun(k, Json($"results/{k}/run.json"), Json($"results/{k}/metrics.json"), Json($"results/{k}/latency.json")))];
    }

    public string Root { get; }
    public ShippedList Shipped { get; }
    public IReadOnlyDictionary<string, long> Sizes { get; }

    /// <summary>Paths with '/', ordinal; build output, runs and folders of tools aside.</summary>
    public IReadOnlyList<string> Files { get; }

    public Git Git { get; }
    public IReadOnlyList<Document> Documents { get; }
    public IReadOnlyList<DecisionFile> Decisions { get; }
    public IReadOnlyList<PinnedRun> Pinned { get; }
    public List<(string Where, string What)> Broken { get; } = [];

    public PinnedRun? Main => Pinned.FirstOrDefault(r => r.Kind == "main");

    /// <summary>Prose that the owner answers for: README and docs, the guide and the decisions that came with the template aside.</summary>
    public IEnumerable<Passage> Prose => Documents.Where(d => Document.IsMemo(d.File) || Decisions.Any(o => o.File == d.File && o.IsOwners)).SelectMany(d => d.Passages);

    public static bool Under(string file, string folder) => file.StartsWith(folder, StringComparison.Ordinal);

    public bool IsShipped(Passage passage) => Shipped.Holds(passage);

    /// <summary>A file that the template did not bring, or brought otherwise (data and settings).</summary>
    public bool IsOwners(string file) => !Shipped.Holds(file, () => Text(file));

    /// <summary>Whether such a file is there and the owner's.</summary>
    public bool IsOwnersFile(string file) => Sizes.ContainsKey(file) && IsOwners(file);

    /// <summary>A file's text, or null where it is absent, binary, longer than 4 MB or unreadable (the last is listed).</summary>
    public string? Text(string file)
    {
        if (_texts.TryGetValue(file, out var known)) return known;
        try
        {
            if (!Sizes.TryGetValue(file, out var bytes) || bytes > LongestText) return _texts[file] = null;
            var text = bytes == 0 ? "" : File.ReadAllText(Path.Combine(Root, file), Encoding.UTF8);
            return _texts[file] = text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Broken.Add((file, "cannot be read: " + e.Message));
            return _texts[file] = null;
        }
    }

    private JsonNode? Json(string file)
    {
        try { return Text(file) is { } text ? JsonNode.Parse(text) : null; }
        catch (JsonException e)
        {
            Broken.Add(($"{file}:{e.LineNumber + 1}", "is no valid JSON"));
            return null;
        }
    }

    private static Dictionary<string, string> Header(string text) => text.Split('\n').Skip(1).TakeWhile(l => l.TrimEnd() != "---").Select(l => l.Split(':', 2))
        .Where(p => p.Length == 2).DistinctBy(p => p[0].Trim()).ToDictionary(p => p[0].Trim(), p => p[1].Trim().Trim('"'));

    private static IEnumerable<(string Path, long Bytes)> Walk(string folder, string prefix)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options))
            if (entry is FileInfo file) yield return (prefix + file.Name, file.Length);
            else if (!NotOurs.Contains(entry.Name))
                foreach (var below in Walk(entry.FullName, prefix + entry.Name + "/")) yield return below;
    }
}

using System.Text.Json.Nodes;

namespace PortfolioProject.Evidence;

/// <summary>A run, or one variant of it: what "RUN[:variant]" names.</summary>
public sealed record Operand(Run Run, string? Variant)
{
    /// <summary>The variant's cases, or all.</summary>
    public IReadOnlyList<CaseRecord> Cases => Variant is null ? Run.Cases : [.. Run.Cases.Where(c => c.Variant == Variant)];
}

/// <summary>Finds runs under runs/ and results/, and joins shards.</summary>
public static class RunStore
{
    internal const string RunsFolder = "runs", ResultsFolder = "results";

    /// <summary>Resolves "RUN[:variant]": RUN is a folder, "results/&lt;kind&gt;", a run's id or its unique beginning, or "latest" (the newest complete run).</summary>
    public static Operand Resolve(string root, string operand)
    {
        if (FindFolder(root, operand) is { } whole)
            return new Operand(Run.Load(whole), null);
        var colon = operand.LastIndexOf(':');
        if (colon <= 0 || FindFolder(root, operand[..colon]) is not { } folder)
            throw new UserError("no such run", operand, expected: "a folder, a run's id or its beginning, \"latest\" or \"results/<kind>\"",
                fix: "Complete runs: " + string.Join(", ", Manifests(root).Where(r => r.Manifest.Complete).Take(5).Select(r => r.Manifest.Id).DefaultIfEmpty("none yet")));
        var run = Run.Load(folder);
        var variant = operand[(colon + 1)..];
        return run.Variants.Contains(variant) ? new Operand(run, variant)
            : throw new UserError($"the run has no variant {UserError.Quote(variant)}", operand, fix: ClosestName.Suggest(variant, run.Variants));
    }

    /// <summary>The newest complete, unsharded run of a kind under runs/, or null.</summary>
    public static Run? NewestComplete(string root, string? kind = null) =>
        Manifests(root).FirstOrDefault(r => r.Manifest is { Complete: true, Shard: null } && (kind is null || r.Manifest.Kind == kind)).Folder is { } folder
            ? Run.Load(folder) : null;

    /// <summary>
    /// Joins the shards of one run into runs/&lt;utc&gt;-&lt;config hash&gt;: the bytes of cases.jsonl are those of the unsharded run. Missing, unfinished,
    /// doubled or differing shards are a <see cref="UserError"/>. Resources are summed.
    /// </summary>
    public static Run Merge(string root, IReadOnlyList<Run> shards, Func<Run, MetricTable>? measure = null)
    {
        var first = shards.FirstOrDefault()?.Manifest ?? throw new UserError("nothing to merge", expected: "the shards of one run");
        foreach (var shard in shards)
        {
            var m = shard.Manifest;
            if (!m.Complete)
                throw new UserError("the shard is unfinished", shard.Folder, fix: "Finish it with --resume") { Code = ExitCode.Incomplete };
            if (m.Shard is null)
                throw new UserError("not a shard", shard.Folder, expected: "a run made with --shard i/n");
            var differs = m.ConfigHash != first.ConfigHash ? "configuration" : m.Kind != first.Kind ? "kind" : m.Seed != first.Seed ? "seed"
                : !m.Data.SequenceEqual(first.Data) ? "data" : m.GitCommit != first.GitCommit ? "commit" : !JsonNode.DeepEquals(m.Facts, first.Facts) ? "facts" : null;
            if (differs is not null)
                throw new UserError($"its {differs} differs from that of {first.Id}", shard.Folder, fix: "Merge shards of one run only");
        }

        var count = int.Parse(first.Shard!.Split('/')[1]);
        var have = shards.Select(s => s.Manifest.Shard!).Order().ToList();
        var want = Enumerable.Range(1, count).Select(i => $"{i}/{count}").ToList();
        if (have.Except(want).Concat(have.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => g.Key)).FirstOrDefault() is { } extra)
            throw new UserError($"shard {extra} does not fit", shards[0].Folder, expected: "each shard of one run once");
        if (want.Except(have).ToList() is { Count: > 0 } missing)
            throw new UserError("shards are missing: " + string.Join(", ", missing), shards[0].Folder, fix: "Run them, then merge all") { Code = ExitCode.Incomplete };
        using var writer = RunWriter.Start(root, first with { Shard = null, Started = shards.Min(s => s.Manifest.Started) });
        var timings = shards.SelectMany(s => s.Timings).ToDictionary(t => (t.Variant, t.Case));
        foreach (var record in shards.SelectMany(s => s.Cases))
            writer.Add(record, timings.GetValueOrDefault((record.Variant, record.Case)));
        return writer.Finish(_ => writer.Manifest with { Resources = (JsonObject?)Sum([.. shards.Select(s => s.Manifest.Resources)]) }, measure);
    }

    /// <summary>All runs under runs/, newest first; folders that hold no run.json yet are left out.</summary>
    internal static IEnumerable<(string Folder, RunManifest Manifest)> Manifests(string root)
    {
        var runs = Path.Combine(root, RunsFolder);
        return (Directory.Exists(runs) ? Directory.GetDirectories(runs) : []).Select(folder => (Folder: folder, Manifest: Run.LoadManifest(folder)!))
            .Where(r => r.Manifest is not null).OrderByDescending(r => r.Manifest.Started).ThenByDescending(r => r.Manifest.Id, StringComparer.Ordinal);
    }

    private static string? FindFolder(string root, string name)
    {
        if (name == "latest")
            return NewestComplete(root)?.Folder;
        if (new[] { Path.GetFullPath(name), Path.Combine(root, name), Path.Combine(root, RunsFolder, name) }.FirstOrDefault(Directory.Exists) is { } folder)
            return folder;
        var begun = Manifests(root).Where(r => r.Manifest.Id.StartsWith(name, StringComparison.Ordinal)).Take(2).ToList();
        return begun.Count < 2 ? begun.FirstOrDefault().Folder
            : throw new UserError("several runs begin like this", name, fix: $"For example {begun[0].Manifest.Id} and {begun[1].Manifest.Id}: name more of it");
    }

    private static JsonNode? Sum(IReadOnlyList<JsonNode?> nodes) => nodes[0] switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Sum([.. nodes.Select(n => (n as JsonObject)?[p.Key])])))),
        JsonValue v when v.TryGetValue<double>(out _) => nodes.Sum(n => n is JsonValue x && x.TryGetValue<double>(out var d) ? d : 0),
        var other => other?.DeepClone(),
    };
}

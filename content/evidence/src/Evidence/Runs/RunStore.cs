namespace PortfolioProject.Evidence;

/// <summary>A run, or one variant of it: what "RUN[:variant]" names.</summary>
public sealed record Operand(Run Run, string? Variant)
{
    /// <summary>The variant's cases, or all.</summary>
    public IReadOnlyList<CaseRecord> Cases => Variant is null ? Run.Cases : [.. Run.Cases.Where(c => c.Variant == Variant)];

    /// <summary>The same run's variant; a <see cref="UserError"/> when there is none of this name.</summary>
    public Operand Of(string variant) => Run.Variants.Contains(variant) ? this with { Variant = variant }
        : throw new UserError($"the run has no variant {UserError.Quote(variant)}", Run.Manifest.Id, fix: ClosestName.Suggest(variant, Run.Variants));
}

/// <summary>Finds runs under runs/ and results/, and joins shards.</summary>
public static class RunStore
{
    internal const string RunsFolder = "runs", ResultsFolder = "results";

    /// <summary>
    /// Resolves "RUN[:variant]": RUN is a folder, "results/&lt;kind&gt;", a run's id or its unique beginning, "latest" (the newest complete main run,
    /// else the newest complete run) or "latest/&lt;kind&gt;".
    /// </summary>
    public static Operand Resolve(string root, string operand)
    {
        if (FindFolder(root, operand) is { } whole) return new Operand(Run.Load(whole), null);
        var colon = operand.LastIndexOf(':');
        if (colon > 0 && FindFolder(root, operand[..colon]) is { } folder) return new Operand(Run.Load(folder), null).Of(operand[(colon + 1)..]);
        throw new UserError("no such run", operand, expected: "a folder, a run's id or its beginning, \"latest\" or \"results/<kind>\"",
            fix: "Complete runs: " + string.Join(", ", Manifests(root).Where(r => r.Manifest.Complete).Take(5).Select(r => r.Manifest.Id).DefaultIfEmpty("none yet")));
    }

    /// <summary>The newest complete, unsharded run of a kind (of any kind when null) under runs/, or null.</summary>
    public static Run? NewestComplete(string root, string? kind = null, Func<RunManifest, bool>? where = null) => Manifests(root).FirstOrDefault(
        r => r.Manifest is { Complete: true, Shard: null } && r.Manifest.Kind == (kind ?? r.Manifest.Kind) && where?.Invoke(r.Manifest) != false).Folder is { } f ? Run.Load(f) : null;

    /// <summary>
    /// Joins the shards of one run into runs/&lt;utc&gt;-&lt;config hash&gt;: the bytes of cases.jsonl are those of the unsharded run. Missing, unfinished,
    /// doubled or differing shards are a <see cref="UserError"/>. Resources keep one entry a shard.
    /// </summary>
    public static Run Merge(string root, IReadOnlyList<Run> shards, Func<Run, MetricTable>? measure = null)
    {
        var first = shards.FirstOrDefault()?.Manifest ?? throw new UserError("nothing to merge", expected: "the shards of one run");
        foreach (var (folder, m) in shards.Select(s => (s.Folder, s.Manifest)))
        {
            if (!m.Complete) throw new UserError("the shard is unfinished", folder, fix: "Finish it with --resume") { Code = ExitCode.Incomplete };
            if (m.Shard is null) throw new UserError("not a shard", folder, expected: "a run made with --shard i/n");
            var differs = m.ConfigHash != first.ConfigHash || m.Seed != first.Seed ? "configuration" : m.Kind != first.Kind ? "kind" : !m.Data.SequenceEqual(first.Data) ? "data"
                : m.GitCommit != first.GitCommit ? "commit" : !JsonNode.DeepEquals(m.Facts, first.Facts) ? "facts" : null;
            if (differs is not null) throw new UserError($"its {differs} differs from that of {first.Id}", folder, fix: "Merge the shards of one run only");
        }

        var (have, count) = (shards.Select(s => s.Manifest.Shard!).ToList(), int.Parse(first.Shard!.Split('/')[1]));
        var want = Enumerable.Range(1, count).Select(i => $"{i}/{count}").ToList();
        if (have.Except(want).Any() || have.Distinct().Count() < have.Count)
            throw new UserError("the shards do not fit together", expected: $"each of {string.Join(", ", want)} once", got: string.Join(", ", have));
        if (want.Except(have).ToList() is { Count: > 0 } missing)
            throw new UserError("shards are missing: " + string.Join(", ", missing), fix: "Run them, then merge all") { Code = ExitCode.Incomplete };
        using var writer = RunWriter.Start(root, first with { Shard = null, Started = shards.Min(s => s.Manifest.Started) });
        var timings = shards.SelectMany(s => s.Timings).ToDictionary(t => (t.Variant, t.Case));
        foreach (var record in shards.SelectMany(s => s.Cases)) writer.Add(record, timings.GetValueOrDefault((record.Variant, record.Case)));
        var resources = shards.Where(s => s.Manifest.Resources is not null).Select(s => KeyValuePair.Create("shard " + s.Manifest.Shard, s.Manifest.Resources!.DeepClone()));
        return writer.Finish(_ => writer.Manifest with { Resources = new JsonObject(resources!) }, measure);
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
        if (name == "latest") return (NewestComplete(root, "main") ?? NewestComplete(root))?.Folder;
        if (name.StartsWith("latest/", StringComparison.Ordinal)) return NewestComplete(root, name[7..])?.Folder;
        var folder = new[] { Path.GetFullPath(name), Path.Combine(root, name), Path.Combine(root, RunsFolder, name) }.FirstOrDefault(Directory.Exists);
        if (folder is not null) return folder;
        var begun = Manifests(root).Where(r => r.Manifest.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        return begun.Count < 2 ? begun.FirstOrDefault().Folder
            : throw new UserError("several runs begin like this", name, fix: "Name more of it: " + string.Join(", ", begun.Take(5).Select(r => r.Manifest.Id)));
    }
}

namespace PortfolioProject.Evidence;

/// <summary>A data file that a run read: its path relative to the repository's root (with '/'), SHA-256 and length.</summary>
public sealed record DataFile(string Path, string Sha256, long Bytes);

/// <summary>run.json: what was run, on what, where and from which state of the repository.</summary>
/// <param name="Id">The run's folder name.</param>
/// <param name="Kind">"main", "bench", "ablation-…": one pinned run a kind.</param>
/// <param name="Command">The command line that made it.</param>
/// <param name="ConfigHash">SHA-256 of the canonical configuration.</param>
/// <param name="Config">The resolved configuration.</param>
/// <param name="Seed">The seed of every random stream.</param>
/// <param name="Data">The data files that it read.</param>
/// <param name="Os">Operating system.</param>
/// <param name="Cpu">Processor.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended; null while it runs.</param>
/// <param name="Complete">Whether every case is there and the files are final.</param>
/// <param name="Cases">How many cases a finished run holds.</param>
/// <param name="CasesSha256">SHA-256 of a finished run's cases.jsonl: what was written is what is published.</param>
/// <param name="Shard">"1/3" for the first of three shards; null for a whole run.</param>
/// <param name="GitCommit">The commit; null outside git.</param>
/// <param name="GitDirty">Whether the working tree differed from the commit.</param>
/// <param name="LockHash">SHA-256 over all packages.lock.json files.</param>
/// <param name="TemplateVersion">Version of the template that made the repository.</param>
/// <param name="Facts">The template's own deterministic facts: fitted thresholds, index sizes.</param>
/// <param name="Resources">Durations, tokens, cost: never compared byte for byte.</param>
public sealed record RunManifest(string Id, string Kind, string Command, string ConfigHash, JsonObject Config, long Seed, IReadOnlyList<DataFile> Data,
    string Os, string Cpu, int Cores, string Runtime, DateTimeOffset Started, DateTimeOffset? Finished = null, bool Complete = false, int Cases = 0,
    string? CasesSha256 = null, string? Shard = null, string? GitCommit = null, bool? GitDirty = null, string? LockHash = null, string? TemplateVersion = null,
    JsonObject? Facts = null, JsonObject? Resources = null);

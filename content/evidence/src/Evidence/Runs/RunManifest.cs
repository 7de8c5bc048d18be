namespace PortfolioProject.Evidence;

/// <summary>A data file that a run read: its path relative to the repository's root (with '/'), SHA-256 and length.</summary>
public sealed record DataFile(string Path, string Sha256, long Bytes);

/// <summary>run.json: what was run, on what, where and from which state of the repository.</summary>
public sealed record RunManifest
{
    public string Id { get; init; } = "";

    /// <summary>"main", "bench", "ablation-…": one pinned run a kind.</summary>
    public required string Kind { get; init; }

    public required string Command { get; init; }

    public required string ConfigHash { get; init; }

    public required JsonObject Config { get; init; }

    public required long Seed { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    public bool Complete { get; init; }

    /// <summary>"1/3" for the first of three shards; null for a whole run.</summary>
    public string? Shard { get; init; }

    public int Cases { get; init; }

    public string? GitCommit { get; init; }

    public bool? GitDirty { get; init; }

    public IReadOnlyList<DataFile> Data { get; init => field = value ?? []; } = [];

    /// <summary>SHA-256 over all packages.lock.json files.</summary>
    public string? LockHash { get; init; }

    public string? TemplateVersion { get; init; }

    public string Os { get; init => field = value ?? ""; } = "";

    public string Cpu { get; init => field = value ?? ""; } = "";

    public int Cores { get; init; }

    public string Runtime { get; init => field = value ?? ""; } = "";

    /// <summary>The template's own deterministic facts: fitted thresholds, index sizes, a sweep.</summary>
    public JsonObject? Facts { get; init; }

    /// <summary>Durations, tokens, cost: never compared byte for byte.</summary>
    public JsonObject? Resources { get; init; }
}

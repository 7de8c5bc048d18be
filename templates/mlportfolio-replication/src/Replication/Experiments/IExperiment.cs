namespace PortfolioProject.Replication;

/// <summary>One experiment: what one YAML file asks for. Everything that its results depend on is in <see cref="Configuration"/>, the data and the code.</summary>
public interface IExperiment
{
    /// <summary>The kind of its runs, and its folder under results/.</summary>
    string Kind { get; }

    /// <summary>The configuration as read, for the manifest and the hash.</summary>
    object Configuration { get; }

    /// <summary>Data files, relative to the repository's root.</summary>
    IReadOnlyList<string> DataFiles { get; }

    /// <summary>What results depend on beside configuration, data and code, such as a device; null where nothing.</summary>
    string? Platform => null;

    /// <summary>Checks of the numerics that must hold before any number is believed; a failure throws.</summary>
    void SelfCheck();

    /// <summary>The work, in pieces that may run in any order and on any shard.</summary>
    IReadOnlyList<WorkUnit> Plan(string root);
}

/// <summary>A piece of work: one seed of one setting. Shards split by <paramref name="Seed"/>.</summary>
public sealed record WorkUnit(long Seed, IReadOnlyList<(string Variant, string Case)> Keys, Func<IReadOnlyList<CaseRecord>> Compute);

/// <summary>A paper under study: its experiments and how their runs are drawn.</summary>
/// <param name="Name">As in --paper.</param>
/// <param name="Main">The main experiment's file.</param>
/// <param name="Smoke">The same, small enough for seconds.</param>
/// <param name="Load">Reads an experiment from YAML or JSON text; the file's name is for errors.</param>
/// <param name="Owns">Whether runs of a kind are of this paper.</param>
/// <param name="Figures">File name → SVG for a run.</param>
/// <param name="Findings">What documents quote of its published runs, by kind.</param>
public sealed record Study(string Name, string Main, string Smoke, Func<string, string, IReadOnlyList<string>, IExperiment> Load, Func<string, bool> Owns,
    Func<Run, IReadOnlyDictionary<string, string>> Figures, Func<IReadOnlyDictionary<string, Run>, JsonObject> Findings)
{
    /// <summary>What a configuration file gives as its kind; empty when it gives none, which reading it as an experiment will refuse.</summary>
    public static string KindOf(string root, string file) => TextFile.Read(Path.Combine(root, file), "Name a configuration of this repository").Split('\n')
        .FirstOrDefault(l => l.StartsWith("kind:", StringComparison.Ordinal))?["kind:".Length..].Split('#')[0].Trim(' ', '"', '\'') ?? "";
}

/// <summary>A part of the seeds: every <paramref name="Count"/>-th, beginning with number <paramref name="Index"/> (from 1).</summary>
public sealed record Shard(int Index, int Count)
{
    public bool Holds(long seed) => seed % Count == Index - 1;

    public override string ToString() => $"{Index}/{Count}";

    public static Shard Parse(string text) =>
        text.Split('/') is [var i, var n] && int.TryParse(i, out var index) && int.TryParse(n, out var count) && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new UserError("not a shard", field: "--shard", expected: "i/n with 1 ≤ i ≤ n, for example 1/4", got: text);
}

using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Ladder;

public sealed record DataConfig
{
    public required string Path { get; init; }

    /// <summary>The contract; by default the one beside the file, else configs/contract.yaml.</summary>
    public string? Contract { get; init; }
    public IReadOnlyList<string> Patches { get; init; } = [];
}

/// <summary>The frozen model: no step may change it.</summary>
public sealed record ModelConfig
{
    [Range(0.0, 1000.0)]
    public required double L2 { get; init; }

    [Range(1, 100_000)]
    public required int Iterations { get; init; }

    [Range(1, 10_000)]
    public required int PowerIterations { get; init; }

    public SoftmaxRegressionOptions Options => new(L2, Iterations, PowerIterations);
}

/// <summary>Faults planted into the training rows, so that what finders find can be counted.</summary>
public sealed record FaultConfig
{
    /// <summary>The only data that faults are planted in; any other is taken as it stands.</summary>
    public required string Data { get; init; }

    /// <summary>Classes cut to <see cref="RareShare"/> of their rows.</summary>
    public required IReadOnlyList<string> Rare { get; init; }

    [Range(0.01, 1.0)]
    public required double RareShare { get; init; }

    /// <summary>The share of each class whose label becomes that of its look-alike.</summary>
    [Range(0.0, 0.9)]
    public required double Noise { get; init; }
    public required IReadOnlyDictionary<string, string> LookAlikes { get; init; }

    [Range(0, 100_000)]
    public required int Duplicates { get; init; }

    [Range(0, 100_000)]
    public required int Leaks { get; init; }
}

/// <summary>The setting where it breaks: the same faults, more of two.</summary>
public sealed record HardConfig
{
    [Range(0.01, 1.0)]
    public required double RareShare { get; init; }

    [Range(0.0, 0.9)]
    public required double Noise { get; init; }
}

/// <summary><c>configs/run.yaml</c>.</summary>
public sealed record RunConfig
{
    public required long Seed { get; init; }

    /// <summary>How many seeds are paired, from <see cref="Seed"/> up.</summary>
    [Range(1, 1000)]
    public required int Seeds { get; init; }

    /// <summary>At most how many training rows a seed draws from data without planted faults; <see cref="SeedLadder.Rows"/> unless given.</summary>
    [Range(100, 10_000_000)]
    public int? TrainingRows { get; init; }

    /// <summary>0 takes every core. Results do not depend on it.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }
    public required DataConfig Data { get; init; }
    public required ModelConfig Model { get; init; }
    public required FaultConfig Faults { get; init; }
    public required HardConfig Hard { get; init; }

    /// <summary>Radii at which the duplicate and leak finders are measured.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>Labels reviewed, for the budget curve.</summary>
    public required IReadOnlyList<int> Budgets { get; init; }

    /// <summary>Planted faults belong to one data file; null on any other.</summary>
    public FaultConfig? Planted => Data.Path == Faults.Data ? Faults : null;

    public string ModelHash => TextFile.Sha256(StrictYaml.Canonical(Model))[..12];

    public static RunConfig Load(string file, IReadOnlyList<string> overrides)
    {
        var config = StrictYaml.Read<RunConfig>(file, overrides);
        if (config.Thresholds.Concat(config.Budgets.Select(b => (double)b)).Any(v => v <= 0)) throw new UserError("the configuration is not usable", file, field: "thresholds and budgets", expected: "positive numbers");
        return config;
    }

    /// <summary>How work is shared by threads.</summary>
    public ParallelOptions Parallel(CancellationToken cancel) => new() { MaxDegreeOfParallelism = Threads == 0 ? Environment.ProcessorCount : Threads, CancellationToken = cancel };

    public Table LoadTable(string root) => Table.Load(root, Data.Path, Data.Contract, Data.Patches);
}

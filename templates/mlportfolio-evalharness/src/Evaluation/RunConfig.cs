namespace PortfolioProject.Evaluation;

public sealed record DataConfig
{
    public required string Path { get; init; }
}

/// <summary>What each outcome is worth to the people who get the answer; the abstention threshold is tuned for the mean of these.</summary>
public sealed record UtilityConfig
{
    public required double Correct { get; init; }
    public required double Partial { get; init; }
    public required double Incorrect { get; init; }
    public required double CorrectAbstention { get; init; }
    public required double OverAbstention { get; init; }
    public required double Hallucination { get; init; }

    public double Of(Outcome outcome) => outcome switch
    {
        Outcome.Correct => Correct,
        Outcome.Partial => Partial,
        Outcome.Incorrect or Outcome.InvalidReply => Incorrect,
        Outcome.CorrectAbstention => CorrectAbstention,
        Outcome.OverAbstention => OverAbstention,
        Outcome.Hallucination => Hallucination,
        _ => 0,
    };
}

/// <summary>The chunk sweep: chunkings compared at equal budgets of retrieved characters, never at equal k.</summary>
public sealed record SweepConfig
{
    public required IReadOnlyList<int> Budgets { get; init; }
    public required IReadOnlyList<ChunkerConfig> Chunkers { get; init; }
}

/// <summary><c>configs/run.yaml</c>.</summary>
public sealed record RunConfig
{
    public required long Seed { get; init; }

    /// <summary>0 takes every core. Results do not depend on it.</summary>
    [Range(0, 4096)] public int Threads { get; init; }
    public required DataConfig Data { get; init; }
    public required string Systems { get; init; }

    /// <summary>The system that the others are compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>Chunks asked of a retriever: what is ranked below this is not retrieved.</summary>
    [Range(10, 1_000_000)] public int RetrievalDepth { get; init; } = 100;
    [Range(100, 10_000_000)] public int Resamples { get; init; } = 10_000;
    public required UtilityConfig Utility { get; init; }
    public required SweepConfig Sweep { get; init; }

    public static RunConfig Load(string file, IReadOnlyList<string> overrides)
    {
        var config = StrictYaml.Read<RunConfig>(file, overrides);
        UserError Wrong(string field, string expected, long got) => new("the configuration is not usable", file, field: field, expected: expected, got: got.ToString(CultureInfo.InvariantCulture));
        if (config.Sweep.Budgets.Distinct().Count(b => b >= 1) is var usable && (usable == 0 || usable < config.Sweep.Budgets.Count))
            throw Wrong("sweep.budgets", "positive numbers of characters, each once", config.Sweep.Budgets.DefaultIfEmpty().Min());
        if (config.Sweep.Chunkers.FirstOrDefault(c => c.Stalls) is { } bad) throw Wrong("sweep.chunkers", "overlaps less than the size", bad.Overlap);
        if (config.Sweep.Chunkers.DistinctBy(c => c.Name).Count() is var names && (names == 0 || names < config.Sweep.Chunkers.Count))
            throw Wrong("sweep.chunkers", "at least one, each once", config.Sweep.Chunkers.Count);
        return config;
    }
}

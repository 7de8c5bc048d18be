namespace PortfolioProject.Bench;

/// <summary>How long and how often the benchmark measures; a quick one tells that everything works, not how fast it is.</summary>
internal sealed record BenchConfig
{
    public int Connections { get; init; } = 16;

    /// <summary>Of each closed and each open loop.</summary>
    public double Seconds { get; init; } = 3;

    /// <summary>Rounds over all loads; the medians of rounds are reported.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Cold starts, and hot swaps with their rollbacks.</summary>
    public int Starts { get; init; } = 5;

    /// <summary>Before the first round, so that the runtime has compiled what is hot.</summary>
    public double WarmUpSeconds { get; init; } = 4;

    /// <summary>Open-loop arrivals as a share of what the closed loop reached.</summary>
    public double OpenShare { get; init; } = 0.2;

    public static BenchConfig Quick { get; } = new() { Seconds = 0.3, Rounds = 1, Starts = 1, WarmUpSeconds = 0.2 };
}

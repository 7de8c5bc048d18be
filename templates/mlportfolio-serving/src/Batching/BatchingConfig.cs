using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Batching;

/// <summary>configs/batching.yaml.</summary>
public sealed record BatchingConfig
{
    public bool Enabled { get; init; }

    /// <summary>A batch of so many rows is predicted at once.</summary>
    [Range(2, 65_536)] public int MaxRows { get; init; } = 64;

    /// <summary>The first request of a batch waits so long for others at most.</summary>
    [Range(0, 10_000)] public int MaxWaitMs { get; init; } = 1;
}

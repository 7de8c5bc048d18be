using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Server;

/// <summary>configs/serving.yaml. Keys are not in it: see <see cref="ApiKeys"/>.</summary>
public sealed record ServingConfig
{
    public const string File = "configs/serving.yaml";

    public string? Model { get; init; }

    public string Models { get; init; } = "models";

    public LimitsConfig Limits { get; init; } = new();

    public MonitoringConfig Monitoring { get; init; } = new();

    public CanaryConfig Canary { get; init; } = new();

    public bool LogRequests { get; init; }

    public static ServingConfig Load(string root, IReadOnlyList<string>? overrides = null) => StrictYaml.Read<ServingConfig>(Path.Combine(root, File), overrides);
}

/// <summary>What the service takes on at most.</summary>
public sealed record LimitsConfig
{
    [Range(1024, 1 << 30)] public int BodyBytes { get; init; } = 4 << 20;

    [Range(1, 1_000_000)] public int Rows { get; init; } = 4096;

    [Range(1, 1_000_000)] public int Connections { get; init; } = 4096;

    /// <summary>Predictions at once; 0: one a core.</summary>
    [Range(0, 1024)] public int Concurrent { get; init; }

    /// <summary>Requests that wait for a prediction to end.</summary>
    [Range(0, 1_000_000)] public int Queue { get; init; } = 256;

    [Range(1, 600_000)] public int DeadlineMs { get; init; } = 2000;

    /// <summary>Of one key; 0: no limit.</summary>
    [Range(0, 1_000_000)] public int RatePerSecond { get; init; }

    [Range(0, 600)] public double DrainSeconds { get; init; } = 20;
}

/// <summary>When a canary is taken back without anybody's asking.</summary>
public sealed record CanaryConfig
{
    /// <summary>Fewer failed predictions than this decide nothing.</summary>
    [Range(1, 100_000)] public int LeastErrors { get; init; } = 5;

    /// <summary>The canary ends when the whole interval of its error rate lies above.</summary>
    [Range(0.0, 1)] public double ErrorRate { get; init; } = 0.02;

    /// <summary>Why a canary with these counts has to end; null: it may go on.</summary>
    internal string? Objection(long errors, long requests)
    {
        if (errors < LeastErrors) return null;
        var interval = Statistics.WilsonInterval(errors, (int)Math.Min(requests, int.MaxValue));
        return interval.Low <= ErrorRate ? null
            : FormattableString.Invariant($"{errors} of {requests} predictions failed: {Format.Percent((double)errors / requests)} {Format.Bounds(interval.Low, interval.High)}, allowed {ErrorRate}");
    }
}

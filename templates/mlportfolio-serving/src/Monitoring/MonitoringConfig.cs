namespace PortfolioProject.Monitoring;

/// <summary>What the prediction log keeps of the rows it was asked about: the values, their SHA-256, or nothing.</summary>
public enum InputRetention { Kept, Hashed, Dropped }

/// <summary>Where monitoring writes, and how much.</summary>
public sealed record MonitoringConfig
{
    /// <summary>Relative to the repository unless absolute.</summary>
    public string Folder { get; init; } = "logs";

    /// <summary>Retraining on feedback needs the values kept.</summary>
    public InputRetention Inputs { get; init; } = InputRetention.Kept;

    /// <summary>Bound of the prediction log in MiB; a sixty-fourth of it is one file.</summary>
    [Range(1, 1_000_000)] public int LogMegabytes { get; init; } = 256;

    [Range(0.01, 3650)] public double LogDays { get; init; } = 30;

    [Range(1, 100_000)] public int FeedbackMegabytes { get; init; } = 64;

    /// <summary>False: an answered prediction survives the death of the process. True: also that of the machine, at the price of one flush to disk a request.</summary>
    public bool FlushToDisk { get; init; }

    public DriftConfig Drift { get; init; } = new();
}

/// <summary>A window of drift closes, and is tested, when it has this many rows and has been open for this long.</summary>
public sealed record DriftConfig
{
    [Range(20, 1_000_000)] public int WindowRows { get; init; } = 200;

    [Range(0, 86_400)] public double WindowSeconds { get; init; } = 10;

    /// <summary>The share of clean windows that may alarm.</summary>
    [Range(0.0001, 0.5)] public double Level { get; init; } = 0.05;
}

namespace PortfolioProject.Monitoring;

/// <summary>One feature in a window: population stability index, Kolmogorov and Smirnov's distance, p alone and p adjusted by Holm over the features, whether that is below the level. Numbers are null when it was not tested.</summary>
public sealed record FeatureDrift(string Name, int Bins, double? Psi, double? Ks, double? OwnP, double? P, bool Alarm)
{
    public string? Excluded => Psi is null ? "not tested: its training rows fill one bin" : null;
}

/// <summary>A window of rows against the training rows. Complete: false while the window is still filling. Alarm: some feature's p, adjusted by Holm over all that were tested, is below the level.</summary>
public sealed record DriftWindow(DateTimeOffset Since, int Rows, bool Complete, bool Alarm, IReadOnlyList<FeatureDrift> Features);

/// <summary>The window that is filling (its features are empty below the least number of rows worth a test), the last complete one, and how many of all complete ones alarmed.</summary>
public sealed record DriftReport(DriftWindow Current, DriftWindow? Last, long Windows, long Alarms);

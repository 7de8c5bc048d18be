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

/// <summary>Counts rows as they are served and compares each window of them with the training histograms, feature by feature. One caller at a time.</summary>
public sealed class DriftMonitor(IReadOnlyList<FeatureColumn> features, DriftConfig config, DateTimeOffset now)
{
    public const int LeastRows = 20;
    private static readonly int Lanes = Vector512<float>.Count;

    private readonly FeatureBins[] _features = [.. features.Select(FeatureBins.Merge)];
    private readonly Vector512<float>[] _edges = [.. features.Select(f => FeatureBins.Merge(f).Edges)
        .Select(edges => Vector512.Create<float>([.. edges, .. Enumerable.Repeat(float.PositiveInfinity, Lanes - edges.Length)]))];
    private readonly int[] _counts = new int[features.Count * Lanes];
    private int _rows;
    private long _windows, _alarms;
    private DateTimeOffset _since = now;
    private DriftWindow? _last;

    /// <summary>Rows are row-major, finite, in the features' own units. A value's bin is the number of edges below it, of which there are nine at most.</summary>
    public void Observe(ReadOnlySpan<float> rows, DateTimeOffset at)
    {
        for (; rows.Length > 0; rows = rows[_edges.Length..])
        {
            for (var f = 0; f < _edges.Length; f++)
                _counts[(f * Lanes) + BitOperations.PopCount(Vector512.GreaterThan(Vector512.Create(rows[f]), _edges[f]).ExtractMostSignificantBits())]++;
            if (++_rows >= config.WindowRows && (at - _since).TotalSeconds >= config.WindowSeconds) Close(at);
        }
    }

    public DriftReport Report() => new(Test(false), _last, _windows, _alarms);

    private void Close(DateTimeOffset at)
    {
        _last = Test(true);
        _windows++;
        _alarms += _last.Alarm ? 1 : 0;
        Array.Clear(_counts);
        (_rows, _since) = (0, at);
    }

    private DriftWindow Test(bool complete)
    {
        if (_rows < LeastRows) return new DriftWindow(_since, _rows, complete, false, []);
        var tested = _features.Select((f, i) => f.Compare(_counts.AsSpan(i * Lanes, f.Training.Length))).ToList();
        var adjusted = new Queue<double>(Statistics.Holm([.. tested.Select(f => f.OwnP).OfType<double>()]));
        tested = [.. tested.Select(f => f.OwnP is null ? f : f with { P = adjusted.Peek(), Alarm = adjusted.Dequeue() < config.Level })];
        return new DriftWindow(_since, _rows, complete, tested.Any(f => f.Alarm), tested);
    }
}

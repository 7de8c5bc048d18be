namespace PortfolioProject.Monitoring;

/// <summary>Counts rows as they are served and compares each window of them with the training histograms, feature by feature. Thread-safe.</summary>
public sealed class DriftMonitor
{
    public const int LeastRows = 20;
    private static readonly int Lanes = Vector512<float>.Count;

    private readonly DriftConfig _config;
    private readonly FeatureBins[] _features;
    private readonly Vector512<float>[] _edges;
    private readonly int[] _counts;
    private readonly Lock _gate = new();
    private int _rows;
    private long _windows, _alarms;
    private DateTimeOffset _since;
    private DriftWindow? _last;

    public DriftMonitor(IReadOnlyList<FeatureColumn> features, DriftConfig config, DateTimeOffset now)
    {
        (_config, _since, _features, _counts) = (config, now, [.. features.Select(FeatureBins.Merge)], new int[features.Count * Lanes]);
        _edges = [.. _features.Select(f => Vector512.Create<float>([.. f.Edges, .. Enumerable.Repeat(float.PositiveInfinity, Lanes - f.Edges.Length)]))];
    }

    /// <summary>Rows are row-major, finite, in the features' own units. A value's bin is the number of edges below it, of which there are nine at most.</summary>
    public void Observe(ReadOnlySpan<float> rows, DateTimeOffset now)
    {
        lock (_gate)
        {
            for (; rows.Length > 0; rows = rows[_edges.Length..])
            {
                for (var f = 0; f < _edges.Length; f++)
                    _counts[(f * Lanes) + BitOperations.PopCount(Vector512.GreaterThan(Vector512.Create(rows[f]), _edges[f]).ExtractMostSignificantBits())]++;
                if (++_rows >= _config.WindowRows && (now - _since).TotalSeconds >= _config.WindowSeconds) Close(now);
            }
        }
    }

    public DriftReport Report()
    {
        lock (_gate) return new DriftReport(Test(false), _last, _windows, _alarms);
    }

    private void Close(DateTimeOffset now)
    {
        _last = Test(true);
        _windows++;
        _alarms += _last.Alarm ? 1 : 0;
        Array.Clear(_counts);
        (_rows, _since) = (0, now);
    }

    private DriftWindow Test(bool complete)
    {
        if (_rows < LeastRows) return new DriftWindow(_since, _rows, complete, false, []);
        var features = _features.Select((f, i) => f.Compare(_counts.AsSpan(i * Lanes, f.Training.Length))).ToList();
        var adjusted = new Queue<double>(Statistics.Holm([.. features.Select(f => f.OwnP).OfType<double>()]));
        features = [.. features.Select(f => f.OwnP is null ? f : f with { P = adjusted.Peek(), Alarm = adjusted.Dequeue() < _config.Level })];
        return new DriftWindow(_since, _rows, complete, features.Any(f => f.Alarm), features);
    }
}

namespace PortfolioProject.Monitoring;

/// <summary>Counts rows as they are served and compares each window of them with the training histograms, feature by feature. Thread-safe.</summary>
public sealed class DriftMonitor
{
    public const int LeastRows = 20;
    private static readonly int Lanes = Vector256<float>.Count;

    private readonly DriftConfig _config;
    private readonly FeatureBins[] _features;
    private readonly float[] _edges;
    private readonly int[] _counts, _starts;
    private readonly int _stride, _bins;
    private readonly Lock _gate = new();
    private int _rows;
    private long _windows, _alarms;
    private DateTimeOffset _since;
    private DriftWindow? _last;

    public DriftMonitor(IReadOnlyList<FeatureColumn> features, DriftConfig config, DateTimeOffset now)
    {
        (_config, _since, _features) = (config, now, [.. features.Select(FeatureBins.Merge)]);
        _stride = (features.Count + Lanes - 1) / Lanes * Lanes;
        _bins = _features.Max(f => f.Training.Length);
        _edges = [.. Enumerable.Repeat(float.PositiveInfinity, _stride * (_bins - 1))];
        _starts = [.. Enumerable.Range(0, _stride).Select(f => f * _bins)];
        _counts = new int[_stride * _bins];
        for (var f = 0; f < _features.Length; f++)
            for (var e = 0; e < _features[f].Edges.Length; e++) _edges[(e * _stride) + f] = _features[f].Edges[e];
    }

    /// <summary>Rows are row-major, finite, in the features' own units.</summary>
    public void Observe(ReadOnlySpan<float> rows, DateTimeOffset now)
    {
        Span<float> row = stackalloc float[_stride];
        row.Clear();
        lock (_gate)
        {
            for (; rows.Length > 0; rows = rows[_features.Length..])
            {
                rows[.._features.Length].CopyTo(row);
                Count(row);
                if (++_rows >= _config.WindowRows && (now - _since).TotalSeconds >= _config.WindowSeconds) Close(now);
            }
        }
    }

    public DriftReport Report()
    {
        lock (_gate) return new DriftReport(Test(false), _last, _windows, _alarms);
    }

    /// <summary>Eight features at once: a value's bin is the number of edges below it.</summary>
    private void Count(ReadOnlySpan<float> row)
    {
        ref var edges = ref MemoryMarshal.GetArrayDataReference(_edges);
        Span<int> cells = stackalloc int[Lanes];
        for (var f = 0; f < _stride; f += Lanes)
        {
            var (values, cell) = (Vector256.Create(row[f..]), Vector256.Create(_starts.AsSpan(f)));
            for (var e = f; e < _edges.Length; e += _stride)
                cell -= Vector256.GreaterThan(values, Vector256.LoadUnsafe(ref edges, (nuint)e)).AsInt32();
            cell.CopyTo(cells);
            foreach (var at in cells) _counts[at]++;
        }
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
        var features = _features.Select((f, i) => f.Compare(_counts.AsSpan(i * _bins, f.Training.Length))).ToList();
        var adjusted = new Queue<double>(Statistics.Holm([.. features.Select(f => f.OwnP).OfType<double>()]));
        features = [.. features.Select(f => f.OwnP is null ? f : f with { P = adjusted.Peek(), Alarm = adjusted.Dequeue() < _config.Level })];
        return new DriftWindow(_since, _rows, complete, features.Any(f => f.Alarm), features);
    }
}

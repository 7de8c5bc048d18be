namespace PortfolioProject.Monitoring;

/// <summary>All that is watched of one loaded version: its rows (drift, data quality), its confidence, and what goes into the prediction log. Thread-safe.</summary>
public sealed class ModelMonitor(BundleManifest manifest, PredictionLog log, DriftConfig drift, DateTimeOffset now)
{
    private readonly DriftMonitor _drift = new(manifest.Features, drift, now);
    private readonly DataQuality _quality = new(manifest.Features);
    private readonly Lock _gate = new();
    private long _requests, _rows, _errors;
    private double _confidence;

    /// <summary>Answered requests.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Predictions that came to nothing.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    public DriftReport Drift { get { lock (_gate) return _drift.Report(); } }

    public DataQualityReport DataQuality { get { lock (_gate) return _quality.Report(); } }

    /// <summary>
    /// To be called before the answer is sent: when it returns, the log has the request (false: the record is lost, and counted; the answer
    /// goes out all the same). Rows are raw, row-major; probabilities row-major, as many rows.
    /// </summary>
    public bool Record(in PredictionOutcome outcome, ReadOnlySpan<float> rows, ReadOnlySpan<float> probabilities)
    {
        var (classes, count) = (manifest.Classes, probabilities.Length / manifest.Classes.Count);
        var (labels, confidence) = (new string[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var row = probabilities.Slice(i * classes.Count, classes.Count);
            var best = Bundle.Likeliest(row);
            (labels[i], confidence[i]) = (classes[best], row[best]);
        }

        lock (_gate)
        {
            _drift.Observe(rows, outcome.At);
            _quality.Observe(rows);
            (_requests, _rows, _confidence) = (_requests + 1, _rows + count, _confidence + confidence.Sum());
        }

        return log.Append(outcome, rows, labels, confidence);
    }

    public void CountError() => Interlocked.Increment(ref _errors);

    /// <summary>A value that a request left out: such a request is refused, so its row never arrives.</summary>
    public void CountMissing(int feature)
    {
        lock (_gate) _quality.CountMissing(feature);
    }

    public QualityReport Quality(IReadOnlyList<FeedbackEntry> feedback)
    {
        lock (_gate) return QualityReport.Of(manifest.Version, feedback, _rows, _confidence);
    }
}

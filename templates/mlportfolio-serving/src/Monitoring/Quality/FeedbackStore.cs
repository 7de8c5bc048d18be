namespace PortfolioProject.Monitoring;

/// <summary>The truth about one row that was predicted, with all that quality and retraining need of the prediction: the log may forget it.</summary>
/// <param name="Key">The caller's Idempotency-Key, or one made from prediction and label.</param>
/// <param name="Inputs">The row as little-endian floats, if the log kept it.</param>
public sealed record FeedbackEntry(string Key, string Prediction, string Label, DateTimeOffset At, string Version, string Role, string Predicted, double Confidence, string? Cluster = null, byte[]? Inputs = null);

/// <summary>
/// Accepted and Repeated are both success: the second says that this key was seen with the same content. UnknownPrediction: the log does not
/// have it, or not any more. KeyReused: the key came with other content before. Full: the bound is reached. Failed: not written, nothing changed.
/// </summary>
public enum FeedbackOutcome { Accepted, Repeated, UnknownPrediction, KeyReused, Full, Failed }

/// <summary>feedback.jsonl: true labels as they arrive, late or twice. An entry is with the system before it is answered; the last label of a row counts. Thread-safe.</summary>
public sealed class FeedbackStore
{
    private readonly PredictionLog _predictions;
    private readonly MonitoringConfig _config;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, FeedbackEntry> _byKey = [], _byPrediction = [];
    private readonly Lock _gate = new();

    public FeedbackStore(PredictionLog predictions, MonitoringConfig config, TimeProvider? clock = null)
    {
        (_predictions, _config, _clock, File) = (predictions, config, clock ?? TimeProvider.System, FileIn(predictions.Folder));
        foreach (var entry in JsonLines.Read(File, LogJson.Default.FeedbackEntry))
            if (entry is null) Unreadable++;
            else Remember(entry);
    }

    public string File { get; }

    /// <summary>Damaged lines found at the start: passed over, and left in the file.</summary>
    public int Unreadable { get; }

    /// <summary>Changes whenever an entry is added.</summary>
    public int Count { get { lock (_gate) return _byKey.Count; } }

    /// <summary>The newest entry of each row.</summary>
    public IReadOnlyList<FeedbackEntry> Entries { get { lock (_gate) return [.. _byPrediction.Values]; } }

    public static string FileIn(string folder) => Path.Combine(folder, "feedback.jsonl");

    /// <summary>The newest entry of each row, for those who only read.</summary>
    public static IReadOnlyList<FeedbackEntry> Read(string folder) =>
        [.. JsonLines.Read(FileIn(folder), LogJson.Default.FeedbackEntry).OfType<FeedbackEntry>().GroupBy(e => e.Prediction).Select(g => g.Last())];

    /// <summary>Adds a label. The caller has checked that it is one of the model's classes (<see cref="Find"/> says which model).</summary>
    public FeedbackOutcome Add(PredictionId id, string label, string? key)
    {
        key ??= $"{id} {label}";
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var before)) return before.Prediction == $"{id}" && before.Label == label ? FeedbackOutcome.Repeated : FeedbackOutcome.KeyReused;
            if (Find(id) is not { } prediction) return FeedbackOutcome.UnknownPrediction;
            var entry = prediction with { Key = key, Label = label, At = _clock.GetUtcNow() };
            var line = JsonSerializer.Serialize(entry, LogJson.Default.FeedbackEntry);
            if (new FileInfo(File) is { Exists: true } file && file.Length + line.Length >= _config.FeedbackMegabytes * (1L << 20)) return FeedbackOutcome.Full;
            try { JsonLines.Append(File, line, _config.FlushToDisk); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return FeedbackOutcome.Failed; }
            Remember(entry);
            return FeedbackOutcome.Accepted;
        }
    }

    /// <summary>What was predicted for a row, without a label yet; null when unknown.</summary>
    public FeedbackEntry? Find(PredictionId id) => _predictions.Find(id.Request) is not { } p || id.Row >= p.Labels.Length ? null
        : new FeedbackEntry("", $"{id}", "", p.At, p.Version, p.Role, p.Labels[id.Row], p.Confidence[id.Row], p.Cluster, p.Inputs?.Chunk(p.Inputs.Length / p.Labels.Length).ElementAt(id.Row));

    private void Remember(FeedbackEntry entry) => _byKey[entry.Key] = _byPrediction[entry.Prediction] = entry;
}

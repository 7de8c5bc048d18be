namespace PortfolioProject.Monitoring;

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

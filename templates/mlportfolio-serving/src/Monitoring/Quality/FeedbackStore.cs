namespace PortfolioProject.Monitoring;

/// <summary>feedback.jsonl: true labels as they arrive, late or twice. An entry is with the system before it is answered; the last label of a row counts. Thread-safe.</summary>
public sealed class FeedbackStore : IDisposable
{
    private readonly PredictionLog _predictions;
    private readonly MonitoringConfig _config;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, FeedbackEntry> _byKey = [], _byPrediction = [];
    private readonly Lock _gate = new();
    private FileStream? _file;

    public FeedbackStore(PredictionLog predictions, MonitoringConfig config, TimeProvider? clock = null)
    {
        (_predictions, _config, _clock, File) = (predictions, config, clock ?? TimeProvider.System, FileIn(predictions.Folder));
        if (System.IO.File.Exists(File)) _file = OpenBehindLastLine();
        foreach (var entry in ReadAll(File))
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

    /// <summary>The newest entry of each row, for those who only read; a torn last line is passed over.</summary>
    public static IReadOnlyList<FeedbackEntry> Read(string folder) => [.. ReadAll(FileIn(folder)).OfType<FeedbackEntry>().GroupBy(e => e.Prediction).Select(g => g.Last())];

    /// <summary>Adds a label. The caller has checked that it is one of the model's classes (<see cref="Find"/> says which model).</summary>
    public FeedbackOutcome Add(PredictionId id, string label, string? key)
    {
        key ??= $"{id} {label}";
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var before)) return before.Prediction == $"{id}" && before.Label == label ? FeedbackOutcome.Repeated : FeedbackOutcome.KeyReused;
        }

        if (Find(id) is not { } prediction) return FeedbackOutcome.UnknownPrediction;
        lock (_gate)
        {
            if (_byKey.ContainsKey(key)) return FeedbackOutcome.Repeated;
            var entry = prediction with { Key = key, Label = label, At = _clock.GetUtcNow() };
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, LogJson.Default.FeedbackEntry), (byte)'\n'];
            if ((_file?.Length ?? 0) + line.Length > _config.FeedbackMegabytes * (1L << 20)) return FeedbackOutcome.Full;
            if (!Write(line)) return FeedbackOutcome.Failed;
            Remember(entry);
            return FeedbackOutcome.Accepted;
        }
    }

    /// <summary>What was predicted for a row, without a label yet; null when unknown.</summary>
    public FeedbackEntry? Find(PredictionId id) => _predictions.Find(id.Request) is not { } p || id.Row >= p.Labels.Count ? null
        : new FeedbackEntry("", $"{id}", "", p.At, p.Version, p.Role, p.Labels[id.Row], p.Confidence[id.Row], p.Cluster,
            p.Inputs?[(p.Inputs.Length / p.Labels.Count * id.Row)..(p.Inputs.Length / p.Labels.Count * (id.Row + 1))]);

    public void Dispose()
    {
        lock (_gate) _file?.Dispose();
    }

    /// <summary>Null stands for a line that is no entry: a torn last one, or a damaged one.</summary>
    private static IEnumerable<FeedbackEntry?> ReadAll(string file)
    {
        if (!System.IO.File.Exists(file)) yield break;
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } text) yield return Parse(text);
    }

    private static FeedbackEntry? Parse(string text)
    {
        try { return JsonSerializer.Deserialize(text, LogJson.Default.FeedbackEntry); }
        catch (JsonException) { return null; }
    }

    private void Remember(FeedbackEntry entry) => _byKey[entry.Key] = _byPrediction[entry.Prediction] = entry;

    private bool Write(byte[] line)
    {
        try
        {
            _file ??= OpenBehindLastLine();
            _file.Write(line);
            _file.Flush(_config.FlushToDisk);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            _file = null;
            return false;
        }
    }

    /// <summary>Cuts off what a kill or a full disk left of a line.</summary>
    private FileStream OpenBehindLastLine()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var file = new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        for (; file.Length > 0; file.SetLength(file.Length - 1))
        {
            file.Position = file.Length - 1;
            if (file.ReadByte() == '\n') break;
        }

        file.Position = file.Length;
        return file;
    }
}

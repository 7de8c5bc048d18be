namespace PortfolioProject.Monitoring;

/// <summary>
/// Append-only JSON lines, bounded by size and age: segments, the oldest of which are deleted. <see cref="Append"/> returns when the system has
/// the line, so a prediction that was answered survives the death of the process. Such a write is a copy into the page cache and costs less
/// than handing the line to another thread, so it is done where the request is. When it fails (disk full), predictions go on and each record
/// that is not kept is counted. Thread-safe.
/// </summary>
public sealed class PredictionLog : IDisposable
{
    private const int Segments = 64, KeptBytes = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;
    [ThreadStatic] private static Utf8JsonWriter? _writer;

    private readonly MonitoringConfig _config;
    private readonly Func<string, SafeFileHandle> _create;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new(), _pruning = new();
    private readonly ITimer _hourly;
    private readonly long _bytes;
    private SafeFileHandle? _segment;
    private string? _path, _lastError;
    private long _length, _written, _lost, _failed = long.MinValue;
    private DateTimeOffset _closes;

    /// <param name="create">Makes a new segment; a file that nobody else writes when left out.</param>
    public PredictionLog(string folder, MonitoringConfig config, TimeProvider? clock = null, Func<string, SafeFileHandle>? create = null)
    {
        (Folder, _config, _clock, _bytes) = (folder, config, clock ?? TimeProvider.System, config.LogMegabytes * (1L << 20));
        _create = create ?? (file => File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        _hourly = _clock.CreateTimer(_ => Prune(), null, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    public string Folder { get; }

    /// <summary>Records kept since the start.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>What the folder's files hold now.</summary>
    public long Bytes => LogSegments.In(Folder).Sum(f => f.Exists ? f.Length : 0);

    /// <summary>Records that could not be kept since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why records are being lost; null while writing works.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>Appends one request. Rows are row-major; labels are indexes of <paramref name="classes"/>. False: the record is lost, and counted.</summary>
    public bool Append(in PredictionOutcome outcome, ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> confidences, ReadOnlySpan<JsonEncodedText> classes)
    {
        var line = Format(outcome, rows, labels, confidences, classes);
        lock (_gate)
        {
            if (_failed != long.MinValue && _clock.GetElapsedTime(_failed) < Pause) return Lose();
            try
            {
                if (_segment is null || (_length > 0 && _length + line.Length > _bytes / Segments) || outcome.At >= _closes) Begin(outcome.At);
                RandomAccess.Write(_segment!, line, _length);
                if (_config.FlushToDisk) RandomAccess.FlushToDisk(_segment!);
                _length += line.Length;
                _written++;
                (_failed, _lastError) = (long.MinValue, null);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                (_failed, _lastError) = (_clock.GetTimestamp(), e.Message);
                CutTornLine();
                return Lose();
            }
        }
    }

    /// <summary>Everything that the folder keeps, oldest first; lines that a killed process left torn are passed over.</summary>
    public static IEnumerable<PredictionRecord> Read(string folder) => LogSegments.In(folder).SelectMany(LogSegments.Records);

    /// <summary>The newest requests whose values were kept, oldest of them first; reads no more files than it needs.</summary>
    public static IReadOnlyList<PredictionRecord> Newest(string folder, int count)
    {
        var found = new List<PredictionRecord>();
        foreach (var file in LogSegments.In(folder).Reverse())
            if (found.Count < count) found.InsertRange(0, LogSegments.Records(file).Where(r => r.Inputs is not null).TakeLast(count - found.Count));
        return found;
    }

    /// <summary>The request with this id, or null when the log does not keep it (any more).</summary>
    public PredictionRecord? Find(Guid id) => LogSegments.Find(Folder, id);

    public void Dispose()
    {
        _hourly.Dispose();
        lock (_gate) End();
    }

    private ReadOnlySpan<byte> Format(in PredictionOutcome outcome, ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> confidences, ReadOnlySpan<JsonEncodedText> classes)
    {
        if (_buffer?.Capacity > KeptBytes) _buffer = null;
        var (buffer, json) = (_buffer ??= new ArrayBufferWriter<byte>(4096), _writer ??= new Utf8JsonWriter(Stream.Null, LogJson.Line));
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("id"u8, outcome.Id);
        json.WriteString("at"u8, outcome.At);
        json.WriteString("version"u8, outcome.Version);
        json.WriteString("role"u8, outcome.Role);
        if (outcome.Cluster is not null) json.WriteString("cluster"u8, outcome.Cluster);
        json.WriteStartArray("labels"u8);
        foreach (var label in labels) json.WriteStringValue(classes[label]);
        json.WriteEndArray();
        json.WriteStartArray("confidence"u8);
        foreach (var confidence in confidences) json.WriteNumberValue(MathF.Round(confidence, 4));
        json.WriteEndArray();
        var bytes = MemoryMarshal.AsBytes(rows);
        if (_config.Inputs == InputRetention.Kept) json.WriteBase64String("inputs"u8, bytes);
        if (_config.Inputs == InputRetention.Hashed) json.WriteString("sha256"u8, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private bool Lose()
    {
        _lost++;
        return false;
    }

    /// <summary>What a failed write left behind the last whole line would spoil the next one.</summary>
    private void CutTornLine()
    {
        try { if (_segment is not null) RandomAccess.SetLength(_segment, _length); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException) { End(); }
    }

    private void Begin(DateTimeOffset at)
    {
        End();
        Directory.CreateDirectory(Folder);
        _segment = _create(_path = Path.Combine(Folder, LogSegments.NameOf(at)));
        _closes = at + TimeSpan.FromDays(_config.LogDays / Segments);
        ThreadPool.QueueUserWorkItem(_ => Prune());
    }

    private void End()
    {
        _segment?.Dispose();
        (_segment, _path, _length) = (null, null, 0);
    }

    private void Prune()
    {
        lock (_pruning)
        {
            var (kept, bound, oldest) = (0L, _bytes - (_bytes / Segments), _clock.GetUtcNow() - TimeSpan.FromDays(_config.LogDays * (Segments - 1) / Segments));
            foreach (var file in LogSegments.In(Folder).Reverse())
            {
                try
                {
                    if (((kept += file.Length) > bound || file.LastWriteTimeUtc < oldest) && file.FullName != Path.GetFullPath(Volatile.Read(ref _path) ?? " ")) file.Delete();
                }
                catch (FileNotFoundException) { }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException) { _lastError = e.Message; }
            }
        }
    }
}

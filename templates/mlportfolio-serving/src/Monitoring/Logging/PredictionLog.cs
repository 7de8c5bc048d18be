namespace PortfolioProject.Monitoring;

/// <summary>
/// Append-only JSON lines, bounded by size and age: segments, the oldest of which are deleted. <see cref="Append"/> returns when the system has
/// the line, so a prediction that was answered survives the death of the process. Such a write is a copy into the page cache and costs less
/// than handing the line to another thread, so it is done where the request is. When it fails (disk full), predictions go on and each record
/// that is not kept is counted. Thread-safe.
/// </summary>
public sealed class PredictionLog : IDisposable
{
    private const int Segments = 64;
    private const string Prefix = "predictions-", Stamp = "yyyyMMdd'T'HHmmssfff'Z'";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Slack = TimeSpan.FromMinutes(5);

    private readonly MonitoringConfig _config;
    private readonly Func<string, SafeFileHandle> _create;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new(), _pruning = new();
    private readonly ITimer _hourly;
    private readonly long _bytes;
    private SafeFileHandle? _segment;
    private string? _path, _lastError;
    private long _length, _written, _lost;
    private long? _failed;
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
    public long Bytes => SegmentsOf(Folder).Sum(f => f.Exists ? f.Length : 0);

    /// <summary>Records that could not be kept since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why records are being lost; null while writing works.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>Appends one request: raw rows, row-major, with the label and the confidence of each. False: the record is lost, and counted.</summary>
    public bool Append(in PredictionOutcome outcome, ReadOnlySpan<float> rows, string[] labels, double[] confidence)
    {
        var inputs = MemoryMarshal.AsBytes(rows).ToArray();
        var record = new PredictionRecord(outcome.Id, outcome.At, outcome.Version, outcome.Role, labels, [.. confidence.Select(c => Math.Round(c, 4))], outcome.Cluster,
            _config.Inputs == InputRetention.Kept ? inputs : null, _config.Inputs == InputRetention.Hashed ? Convert.ToHexStringLower(SHA256.HashData(inputs)) : null);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, LogJson.Default.PredictionRecord), (byte)'\n'];
        lock (_gate)
        {
            var kept = (_failed is not { } failed || _clock.GetElapsedTime(failed) >= Pause) && Write(line, outcome.At);
            _ = kept ? _written++ : _lost++;
            return kept;
        }
    }

    /// <summary>Everything that the folder keeps, oldest first; lines that a killed process left torn are passed over.</summary>
    public static IEnumerable<PredictionRecord> Read(string folder) => SegmentsOf(folder).SelectMany(Records);

    /// <summary>The newest requests whose values were kept, oldest of them first; reads no more files than it needs.</summary>
    public static IReadOnlyList<PredictionRecord> Newest(string folder, int count)
    {
        var found = new List<PredictionRecord>();
        foreach (var file in SegmentsOf(folder).Reverse())
            if (found.Count < count) found.InsertRange(0, Records(file).Where(r => r.Inputs is not null).TakeLast(count - found.Count));
        return found;
    }

    /// <summary>The request with this id, or null when the log does not keep it (any more); searches the files that were written to at its time.</summary>
    public PredictionRecord? Find(Guid id)
    {
        var (at, wanted) = (new PredictionId(id, 0).At, $"{{\"id\":\"{id}\"");
        foreach (var file in SegmentsOf(Folder).Where(f => Since(f) <= at + Slack && at <= f.LastWriteTimeUtc + Slack))
        {
            using var reader = JsonLines.Reader(file.FullName);
            while (reader?.ReadLine() is { } line)
                if (line.StartsWith(wanted, StringComparison.Ordinal) && JsonLines.Parse(line, LogJson.Default.PredictionRecord) is { } record) return record;
        }

        return null;
    }

    public void Dispose()
    {
        _hourly.Dispose();
        lock (_gate) End();
    }

    /// <summary>Each line goes behind the last one that was kept, over what a failed write may have left there.</summary>
    private bool Write(byte[] line, DateTimeOffset at)
    {
        try
        {
            if (_segment is null || (_length > 0 && _length + line.Length > _bytes / Segments) || at >= _closes) Begin(at);
            RandomAccess.Write(_segment!, line, _length);
            if (_config.FlushToDisk) RandomAccess.FlushToDisk(_segment!);
            _length += line.Length;
            (_failed, _lastError) = (null, null);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            (_failed, _lastError) = (_clock.GetTimestamp(), e.Message);
            return false;
        }
    }

    private void Begin(DateTimeOffset at)
    {
        End();
        Directory.CreateDirectory(Folder);
        _segment = _create(_path = Path.Combine(Folder, NameOf(at)));
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
            foreach (var file in SegmentsOf(Folder).Reverse().Where(f => f.Exists && f.FullName != Path.GetFullPath(Volatile.Read(ref _path) ?? " ")))
                try { if ((kept += file.Length) > bound || file.LastWriteTimeUtc < oldest) file.Delete(); }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException) { _lastError = e.Message; }
        }
    }

    /// <summary>A segment is named by the time of its first record, and no two writers share one.</summary>
    internal static string NameOf(DateTimeOffset first) => $"{Prefix}{first.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..8]}.jsonl";

    /// <summary>Oldest first.</summary>
    private static IEnumerable<FileInfo> SegmentsOf(string folder) => !Directory.Exists(folder) ? []
        : [.. new DirectoryInfo(folder).GetFiles(Prefix + "*.jsonl").Where(f => Since(f) is not null).OrderBy(f => f.Name, StringComparer.Ordinal)];

    private static IEnumerable<PredictionRecord> Records(FileInfo file) => JsonLines.Read(file.FullName, LogJson.Default.PredictionRecord).OfType<PredictionRecord>();

    private static DateTimeOffset? Since(FileInfo file) =>
        file.Name.Length > Prefix.Length + 20 && DateTimeOffset.TryParseExact(file.Name.AsSpan(Prefix.Length, 19), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}

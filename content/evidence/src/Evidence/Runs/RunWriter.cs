namespace PortfolioProject.Evidence;

/// <summary>
/// Writes a run while it happens: finished cases are appended in completion order, each in one flushed write, so that a kill loses at most a
/// torn last line. <see cref="Finish"/> sorts them, so that the bytes depend neither on threads nor on shards nor on a kill.
/// <see cref="Add"/> is thread-safe. Disposing an unfinished writer leaves a run that <see cref="Resume"/> goes on with.
/// </summary>
public sealed class RunWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RunLock _lock;
    private readonly FileStream _cases, _timings;
    private readonly HashSet<(string, string)> _written;
    private bool _failed;

    private RunWriter(RunLock held, string folder, RunManifest manifest)
    {
        (_lock, Folder, Manifest) = (held, folder, manifest);
        Done = Run.Load(folder).Cases.Select(c => (c.Variant, c.Case)).ToHashSet();
        _written = [.. Done];
        _cases = Append(Path.Combine(folder, Run.CasesFile));
        _timings = Append(Path.Combine(folder, Run.TimingsFile));
    }

    public string Folder { get; }

    public RunManifest Manifest { get; }

    /// <summary>What was finished when this writer was opened: not to be done again.</summary>
    public IReadOnlySet<(string Variant, string Case)> Done { get; }

    /// <summary>Starts runs/&lt;utc&gt;-&lt;config hash&gt;[-n][.shard-i-of-n] under <paramref name="root"/>.</summary>
    public static RunWriter Start(string root, RunManifest manifest)
    {
        var name = manifest.Started.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-" + manifest.ConfigHash[..8];
        var ids = Enumerable.Range(1, int.MaxValue).Select(n => name + (n == 1 ? "" : $"-{n}") + (manifest.Shard is null ? "" : ".shard-" + manifest.Shard.Replace("/", "-of-")));
        var (id, held) = ids.Select(id => (id, Lock: RunLock.Create(Path.Combine(root, RunStore.RunsFolder, id)))).First(x => x.Lock is not null);
        var (folder, started) = (Path.Combine(root, RunStore.RunsFolder, id), manifest with { Id = id, Complete = false, Finished = null });
        TextFile.Write(Path.Combine(folder, Run.ManifestFile), RunJson.Page(started));
        return new RunWriter(held!, folder, started);
    }

    /// <summary>
    /// Goes on with the newest unfinished run of this configuration and shard; null when there is none. A <see cref="UserError"/> when another
    /// process is writing it, or when <paramref name="data"/> (if given) differs from what the run began with.
    /// </summary>
    public static RunWriter? Resume(string root, string configHash, string? shard, IReadOnlyList<DataFile>? data = null)
    {
        var (folder, manifest) = RunStore.Manifests(root).FirstOrDefault(r => !r.Manifest.Complete && r.Manifest.ConfigHash == configHash && r.Manifest.Shard == shard);
        if (folder is null) return null;
        if (data is not null && !data.SequenceEqual(manifest.Data)) throw new UserError("data files changed since this run began", folder, fix: "Run again without --resume");
        return new RunWriter(RunLock.Open(folder), folder, manifest);
    }

    /// <summary>Appends a finished case. Its timing goes first: a case that stands has its timing.</summary>
    public void Add(CaseRecord record, TimingRecord? timing = null)
    {
        var line = RunJson.Line(record.Normalized()) + "\n";
        var timingLine = timing is null ? "" : RunJson.Line(timing with { Milliseconds = CaseRecord.Sorted(timing.Milliseconds) }) + "\n";
        lock (_gate)
        {
            if (_failed) throw new IOException(Failure);
            if (!_written.Add((record.Variant, record.Case))) throw new ArgumentException($"case {record.Variant} / {record.Case} is already in the run");
            _failed = true;
            _timings.Write(Encoding.UTF8.GetBytes(timingLine));
            _cases.Write(Encoding.UTF8.GetBytes(line));
            _failed = false;
        }
    }

    /// <summary>
    /// Ends the run: <paramref name="complete"/> may add facts and resources to the manifest, <paramref name="measure"/> computes metrics.json.
    /// </summary>
    public Run Finish(Func<Run, RunManifest>? complete = null, Func<Run, MetricTable>? measure = null)
    {
        lock (_gate)
        {
            if (_failed) throw new IOException(Failure);
            _cases.Dispose();
            _timings.Dispose();
            var run = Run.Load(Folder);
            run = run with { Manifest = (complete?.Invoke(run) ?? Manifest) with { Finished = DateTimeOffset.UtcNow, Complete = true, Cases = run.Cases.Count } };
            return run.Write(measure?.Invoke(run));
        }
    }

    private string Failure => $"{Folder}: an earlier write failed; what was written is kept and --resume goes on";

    public void Dispose()
    {
        foreach (var held in new IDisposable[] { _cases, _timings, _lock }) held.Dispose();
    }

    /// <summary>Opens a file behind its last whole line; the torn rest is cut off. Unbuffered, so that each write reaches the system at once.</summary>
    private static FileStream Append(string file)
    {
        var kept = File.Exists(file) ? Array.LastIndexOf(File.ReadAllBytes(file), (byte)'\n') + 1 : 0;
        var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(kept);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }
}

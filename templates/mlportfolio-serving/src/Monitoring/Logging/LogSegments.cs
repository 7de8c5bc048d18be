namespace PortfolioProject.Monitoring;

/// <summary>The files of a prediction log: each is named by the time of its first record, and no two writers share one.</summary>
internal static class LogSegments
{
    private const string Prefix = "predictions-", Stamp = "yyyyMMdd'T'HHmmssfff'Z'";
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public static string NameOf(DateTimeOffset first) => $"{Prefix}{first.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..8]}.jsonl";

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<FileInfo> In(string folder) => !Directory.Exists(folder) ? []
        : [.. new DirectoryInfo(folder).GetFiles(Prefix + "*.jsonl").Where(f => Since(f) is not null).OrderBy(f => f.Name, StringComparer.Ordinal)];

    public static IEnumerable<PredictionRecord> Records(FileInfo file) => JsonLines.Read(file.FullName, LogJson.Default.PredictionRecord).OfType<PredictionRecord>();

    /// <summary>Searches the files that were written to at the time of the id.</summary>
    public static PredictionRecord? Find(string folder, Guid id)
    {
        var (at, wanted) = (new PredictionId(id, 0).At, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\""));
        foreach (var file in In(folder).Where(f => Since(f) <= at + Slack && at <= f.LastWriteTimeUtc + Slack))
        {
            using var stream = Open(file);
            var bytes = ArrayPool<byte>.Shared.Rent((int)(stream?.Length ?? 0));
            var read = bytes.AsSpan(0, stream?.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) ?? 0);
            var start = read.IndexOf(wanted);
            var line = start < 0 ? "" : Encoding.UTF8.GetString(read[start..][..Math.Max(0, read[start..].IndexOf((byte)'\n'))]);
            ArrayPool<byte>.Shared.Return(bytes);
            if (JsonLines.Parse(line, LogJson.Default.PredictionRecord) is { } record) return record;
        }

        return null;
    }

    /// <summary>Null when the file was deleted since it was listed.</summary>
    private static FileStream? Open(FileInfo file)
    {
        try { return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete); }
        catch (FileNotFoundException) { return null; }
    }

    private static DateTimeOffset? Since(FileInfo file) =>
        file.Name.Length > Prefix.Length + 20 && DateTimeOffset.TryParseExact(file.Name.AsSpan(Prefix.Length, 19), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}

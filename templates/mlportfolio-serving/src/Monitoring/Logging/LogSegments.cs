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

    public static IEnumerable<PredictionRecord> Records(FileInfo file)
    {
        using var reader = Open(file) is { } stream ? new StreamReader(stream, Encoding.UTF8) : StreamReader.Null;
        while (reader.ReadLine() is { } line)
            if (Parse(line) is { } record) yield return record;
    }

    /// <summary>Searches the files that were written to at the time of the id.</summary>
    public static PredictionRecord? Find(string folder, Guid id)
    {
        var (at, wanted) = (new PredictionId(id, 0).At, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\""));
        foreach (var file in In(folder).Where(f => Since(f) <= at + Slack && at <= f.LastWriteTimeUtc + Slack))
        {
            using var stream = Open(file);
            var bytes = ArrayPool<byte>.Shared.Rent((int)(stream?.Length ?? 0));
            try
            {
                var read = bytes.AsSpan(0, stream?.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) ?? 0);
                if (read.IndexOf(wanted) is >= 0 and var start && read[start..].IndexOf((byte)'\n') is >= 0 and var length)
                    return Parse(Encoding.UTF8.GetString(read.Slice(start, length)));
            }
            finally { ArrayPool<byte>.Shared.Return(bytes); }
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

    private static PredictionRecord? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, LogJson.Default.PredictionRecord); }
        catch (JsonException) { return null; }
    }
}

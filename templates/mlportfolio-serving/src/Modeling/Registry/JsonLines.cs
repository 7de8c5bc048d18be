namespace PortfolioProject.Modeling;

/// <summary>Append-only files of one JSON record a line. A kill or a full disk leaves at most a torn last line: readers drop it, the next writer cuts it off.</summary>
public static class JsonLines
{
    /// <summary>The whole lines; none when the file is not there (any more).</summary>
    public static IReadOnlyList<string> Read(string file)
    {
        using var reader = Reader(file);
        return reader?.ReadToEnd().Split('\n')[..^1] ?? [];
    }

    /// <summary>A reader beside whom others write and delete; null when the file is not there (any more).</summary>
    public static StreamReader? Reader(string file)
    {
        try { return File.Exists(file) ? new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) : null; }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    /// <summary>The records of a file, null for a line that is none.</summary>
    public static IEnumerable<T?> Read<T>(string file, JsonTypeInfo<T> type) where T : class => Read(file).Select(line => Parse(line, type));

    public static T? Parse<T>(string line, JsonTypeInfo<T> type) where T : class
    {
        try { return JsonSerializer.Deserialize(line, type); }
        catch (JsonException) { return null; }
    }

    /// <summary>The system has the line when this returns, the disk too if <paramref name="flushToDisk"/>. One writer at a time.</summary>
    public static void Append(string file, string line, bool flushToDisk)
    {
        using var log = Open(file);
        log.Write(Encoding.UTF8.GetBytes(line + "\n"));
        log.Flush(flushToDisk);
    }

    /// <summary>Opens a file to write on behind its last whole line; makes it, and its folder, where they are missing.</summary>
    public static FileStream Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var log = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        for (; log.Length > 0; log.SetLength(log.Length - 1))
        {
            log.Position = log.Length - 1;
            if (log.ReadByte() == '\n') break;
        }

        return log;
    }
}

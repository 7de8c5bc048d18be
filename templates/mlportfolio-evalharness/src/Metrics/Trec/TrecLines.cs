namespace PortfolioProject.Metrics;

/// <summary>
/// A forward-only reader of white-space separated lines, in constant memory. Blank lines, lines starting with '#', a byte order mark and
/// CRLF are accepted. What is wrong is a <see cref="UserError"/> with file, line and column (from 1).
/// </summary>
/// <param name="file">Any file or pipe of UTF-8 text.</param>
/// <param name="layout">The names of a line's fields.</param>
/// <param name="longer">Whether a line may go on after them (as in trec_eval, a run's may, a judgement's may not).</param>
internal sealed class TrecLines(string file, string layout, bool longer) : IDisposable
{
    private readonly StreamReader _reader = Open(file, layout);
    private readonly Range[] _fields = new Range[layout.Count(' ') + 2];
    private string _line = "";

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>False where the file can be read only once (a pipe).</summary>
    public bool CanRestart => _reader.BaseStream.CanSeek;

    /// <summary>Goes to the next line with content; false at the end.</summary>
    public bool Next()
    {
        while (_reader.ReadLine() is { } line)
        {
            (_line, Number) = (line, Number + 1);
            var count = line.AsSpan().TrimStart().StartsWith('#') ? 0 : line.AsSpan().SplitAny(_fields, " \t\v\f\r", StringSplitOptions.RemoveEmptyEntries);
            if (line.IndexOf('\uFFFD') is >= 0 and var bad) throw Wrong(bad, "UTF-8 text", "bytes that no UTF-8 text holds");
            if (count == _fields.Length - 1 || (count == _fields.Length && longer)) return true;
            if (count > 0) throw Wrong(_fields[Math.Min(count, _fields.Length - 1) - 1].Start.Value, layout, count == _fields.Length ? "more fields" : $"only {count} of {_fields.Length - 1} fields");
        }
        return false;
    }

    public ReadOnlySpan<char> this[int field] => _line.AsSpan(_fields[field]);

    public UserError Wrong(int field, string expected) => Wrong(_fields[field].Start.Value, expected, $"\"{this[field]}\"");

    public void Dispose() => _reader.Dispose();

    private UserError Wrong(int at, string expected, string got) => new("not a line of this format", file, Number, at + 1, expected: expected, got: got);

    private static StreamReader Open(string file, string layout)
    {
        try { return new(file, new UTF8Encoding(false), true, new FileStreamOptions { BufferSize = 1 << 16 }); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError("the file cannot be read", file, expected: $"lines of \"{layout}\"", got: Directory.Exists(file) ? "a folder" : File.Exists(file) ? e.Message : "no such file");
        }
    }
}

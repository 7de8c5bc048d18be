namespace PortfolioProject.Tables;

/// <summary>
/// A CSV file as lines (RFC 4180 without line breaks inside cells): cells keep the text that they have in the file, quotes included, so that an
/// edit changes nothing beside it. Lines end in "\n" or "\r\n" as they did.
/// </summary>
public sealed record CsvText(string File, IReadOnlyList<string> Lines, bool HasByteOrderMark = false)
{
    /// <summary>The column names.</summary>
    public IReadOnlyList<string> Header => [.. Cells(Lines[0]).Select(c => Plain(c.Raw))];

    /// <summary>How many lines there are, the empty rest after the last line's end left out.</summary>
    public int Count => Lines[^1].Length == 0 ? Lines.Count - 1 : Lines.Count;

    public string Text => string.Join('\n', Lines);

    public string Sha256 => TextFile.Sha256((HasByteOrderMark ? "\uFEFF" : "") + Text);

    /// <summary>Reads a file; bytes that are no UTF-8 are a <see cref="UserError"/>.</summary>
    public static CsvText Read(string file, string? shown = null)
    {
        if (!System.IO.File.Exists(file)) throw new UserError("no such data file", shown ?? file, expected: "a CSV file");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.IO.File.ReadAllBytes(file));
            return Parse(text.TrimStart('\uFEFF'), shown ?? file) with { HasByteOrderMark = text.StartsWith('\uFEFF') };
        }
        catch (DecoderFallbackException e)
        {
            throw new UserError("not UTF-8", shown ?? file, got: $"an invalid byte at offset {e.Index}", fix: "Save it as UTF-8");
        }
    }

    public static CsvText Parse(string text, string file) => new(file, text.Split('\n'));

    /// <summary>Cells as they stand, with the position (from 1) of each one's first character.</summary>
    public static List<(string Raw, int At)> Cells(string line)
    {
        var (cells, start, quoted, text) = (new List<(string, int)>(), 0, false, line.TrimEnd('\r'));
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length) quoted ^= text[i] == '"';
            if (i < text.Length && (quoted || text[i] != ',')) continue;
            cells.Add((text[start..i], start + 1));
            start = i + 1;
        }

        return cells;
    }

    /// <summary>A cell's value: without its quotes and the spaces around them.</summary>
    public static string Plain(string raw) => raw.Trim() is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"") : raw.Trim();

    /// <summary>A value as a cell.</summary>
    public static string Quote(string value) => value.AsSpan().IndexOfAny(",\"\r\n") >= 0 || value != value.Trim() ? $"\"{value.Replace("\"", "\"\"")}\"" : value;

    /// <summary>The line with one cell replaced.</summary>
    public static string WithCell(string line, int column, string raw) =>
        string.Join(',', Cells(line).Select((c, i) => i == column ? raw : c.Raw)) + (line.EndsWith('\r') ? "\r" : "");
}

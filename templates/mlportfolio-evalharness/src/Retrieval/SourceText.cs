namespace PortfolioProject.Retrieval;

/// <summary>Text that others wrote: strict UTF-8, a byte-order mark dropped, line ends as "\n".</summary>
public static class SourceText
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <param name="file">What is read.</param>
    /// <param name="shownAs">Its name in messages, if not this.</param>
    /// <param name="fix">What to do where there is none.</param>
    /// <exception cref="UserError">No such file; bytes that are no UTF-8, with their line.</exception>
    public static string Read(string file, string? shownAs = null, string? fix = null)
    {
        if (!File.Exists(file)) throw new UserError(Directory.Exists(file) ? "not a file" : "no such file", shownAs ?? file, expected: "a text file", got: Directory.Exists(file) ? "a folder" : "nothing", fix: fix);
        var bytes = File.ReadAllBytes(file);
        try { return LfOnly(Utf8.GetString(bytes).TrimStart('\uFEFF')); }
        catch (DecoderFallbackException e)
        {
            throw new UserError("the file is not UTF-8", shownAs ?? file, bytes.AsSpan(0, e.Index).Count((byte)'\n') + 1, expected: "UTF-8 text", got: $"byte 0x{bytes[e.Index]:x2} at byte offset {e.Index}", fix: "Save the file as UTF-8.");
        }
    }

    /// <summary>Lines that hold more than white space, with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Line)> Lines(string file, string? shownAs = null, string? fix = null) =>
        Read(file, shownAs, fix).Split('\n').Select((line, i) => (i + 1, line)).Where(l => !string.IsNullOrWhiteSpace(l.line));

    public static string LfOnly(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');
}

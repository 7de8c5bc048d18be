using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using PortfolioProject.Evidence;

namespace PortfolioProject.Retrieval;

/// <summary>The documents that are searched, in ordinal order of their ids; ids are unique and there is at least one.</summary>
public sealed record Corpus
{
    private readonly Dictionary<string, Document> _byId = new(StringComparer.Ordinal);

    /// <exception cref="UserError">No document, or two with one id.</exception>
    public Corpus(IReadOnlyList<Document> documents) : this(documents, null) { }

    private Corpus(IReadOnlyList<Document> documents, string? source)
    {
        Documents = [.. documents.OrderBy(d => d.Id, StringComparer.Ordinal)];
        if (Documents.Count == 0)
            throw new UserError("the corpus is empty", source, expected: "at least one .md or .txt document", got: "none");
        foreach (var d in Documents)
            if (!_byId.TryAdd(d.Id, d))
                throw new UserError("two documents have one id", source, expected: "unique ids", got: $"'{d.Id}' twice");
    }

    public IReadOnlyList<Document> Documents { get; }

    public Document? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A folder of .md and .txt files, or one .jsonl file.</summary>
    /// <exception cref="UserError">Nothing there, invalid UTF-8, a malformed line, no document.</exception>
    public static Corpus Load(string path) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? LoadJsonLines(path) : LoadFolder(path);

    /// <summary>*.md and *.txt of a folder and its subfolders; a document's id is its relative path without extension, parts joined by '/'.</summary>
    /// <exception cref="UserError">No such folder, no document in it, invalid UTF-8, a.md beside a.txt.</exception>
    public static Corpus LoadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new UserError("no such folder", folder, expected: "a folder of .md and .txt files");
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
        return new(
            [
                .. from file in Directory.EnumerateFiles(folder, "*", options)
                   where Path.GetExtension(file).ToLowerInvariant() is ".md" or ".txt"
                   let text = ReadText(file)
                   let id = Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/')
                   select new Document(id, HeadingOf(text) ?? Path.GetFileNameWithoutExtension(file), text),
            ],
            folder);
    }

    /// <summary>One JSON object a line: {"_id": …, "title": …, "text": …}, as BEIR has it; the title may be missing.</summary>
    /// <exception cref="UserError">No such file, a line that is no such object (with its number), no document, an id twice.</exception>
    public static Corpus LoadJsonLines(string file)
    {
        if (!File.Exists(file)) throw new UserError("no such file", file, expected: "a corpus.jsonl file");
        var lines = ReadText(file).Split('\n');
        return new([.. from i in Enumerable.Range(0, lines.Length) where !string.IsNullOrWhiteSpace(lines[i]) select ParseLine(lines[i], file, i + 1)], file);
    }

    private static Document ParseLine(string line, string file, int number)
    {
        try
        {
            var o = JsonNode.Parse(line)!.AsObject();
            var text = o["text"]!.GetValue<string>().ReplaceLineEndings("\n");
            var id = o["_id"]!.GetValue<string>();
            return new(id, o["title"]?.GetValue<string>() is { Length: > 0 } title ? title : HeadingOf(text) ?? id, text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new UserError("not a corpus line", file, number, expected: """{"_id": string, "title": string, "text": string}""",
                got: line.Length > 80 ? line[..80] + "…" : line);
        }
    }

    /// <summary>A file as text: strict UTF-8, a byte-order mark dropped, CRLF and CR read as LF.</summary>
    private static string ReadText(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        var chars = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, chars, out var read, out var written, replaceInvalidSequences: false) != System.Buffers.OperationStatus.Done)
            throw new UserError("invalid UTF-8", file, expected: "text in UTF-8", got: $"byte 0x{bytes[read]:x2} at byte offset {read}");
        return new string(chars, 0, written).Replace("\r\n", "\n").Replace('\r', '\n');
    }

    private static string? HeadingOf(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.StartsWith("# ")) return line[2..].Trim().ToString();
        return null;
    }
}

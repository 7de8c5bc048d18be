namespace PortfolioProject.Retrieval;

/// <summary>The documents that are searched, in ordinal order of their ids; ids are unique and there is at least one document.</summary>
public sealed record Corpus
{
    private readonly Dictionary<string, Document> _byId = new(StringComparer.Ordinal);

    /// <param name="documents">In any order.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="UserError">No document, or two with one id.</exception>
    public Corpus(IReadOnlyList<Document> documents, string? source = null)
    {
        Documents = [.. documents.OrderBy(d => d.Id, StringComparer.Ordinal)];
        if (Documents.Count == 0) throw new UserError("the corpus is empty", source, expected: "at least one document", got: "none");
        foreach (var d in Documents)
            if (!_byId.TryAdd(d.Id, d)) throw new UserError("two documents have one id", source, expected: "unique ids", got: $"'{d.Id}' twice");
    }

    public IReadOnlyList<Document> Documents { get; }

    public Document? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A folder of .md and .txt files, or one .jsonl file.</summary>
    public static Corpus Load(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? LoadJsonLines(path) : LoadFolder(path);

    /// <summary>*.md and *.txt of a folder and its subfolders; a document's id is its relative path without extension, parts joined by '/'.</summary>
    /// <exception cref="UserError">No such folder, no document in it, invalid UTF-8, a.md beside a.txt.</exception>
    public static Corpus LoadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new UserError("no such folder", folder, expected: "a folder of .md and .txt files", got: "nothing");
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false });
        return new([.. files.Where(f => Path.GetExtension(f).ToLowerInvariant() is ".md" or ".txt").Select(f =>
            Titled(Path.ChangeExtension(Path.GetRelativePath(folder, f), null).Replace('\\', '/'), null, SourceText.Read(f), Path.GetFileNameWithoutExtension(f)))], folder);
    }

    /// <summary>One JSON object a line: {"_id": …, "title": …, "text": …}, as BEIR has it; the title may be missing.</summary>
    /// <exception cref="UserError">No such file, a line that is no such object (with its number), no document, an id twice.</exception>
    public static Corpus LoadJsonLines(string file) =>
        new([.. JsonItem.ReadLines(file).Select(l => Titled(l["_id"].Text, l.Optional("title")?.Text, SourceText.LfOnly(l["text"].Text), l["_id"].Text))], file);

    /// <summary>The title is the one given, else the first "# " heading, else the fallback.</summary>
    private static Document Titled(string id, string? title, string text, string fallback)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
            if (string.IsNullOrEmpty(title) && line.StartsWith("# ")) title = line[2..].Trim().ToString();
        return new(id, string.IsNullOrEmpty(title) ? fallback : title, text);
    }
}

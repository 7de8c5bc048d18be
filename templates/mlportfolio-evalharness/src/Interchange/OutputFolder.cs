namespace PortfolioProject.Interchange;

/// <summary>Writes a folder whole or not at all: it is filled beside its place and renamed.</summary>
internal static class OutputFolder
{
    private static readonly HashSet<string> Ours = ["corpus.jsonl", "questions.jsonl", "queries.jsonl", "qrels.tsv", "qrels"];

    /// <exception cref="UserError">The folder holds something and <paramref name="force"/> is not given, or it holds what no import or export wrote.</exception>
    public static void Write(string folder, bool force, Action<string> fill)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var there = Directory.Exists(target) ? Directory.GetFileSystemEntries(target).Select(e => Path.GetFileName(e)).ToList() : [];
        if (there.Count > 0 && !force) throw new UserError("the folder is not empty", folder, field: "--out", expected: "a new or empty folder", got: $"{there.Count} entries", fix: "Choose another, or add --force to replace it.");
        if (there.FirstOrDefault(e => !Ours.Contains(e) && Path.GetExtension(e) is not (".run" or ".qrels")) is { } foreign)
            throw new UserError("the folder holds more than --force may replace", folder, field: "--out", expected: "only files of an earlier import or export", got: foreign);
        var partial = target + ".partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        try
        {
            Directory.CreateDirectory(partial);
            fill(partial);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Directory.Move(partial, target);
        }
        finally { if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true); }
    }

    /// <summary>Writes objects as JSON Lines.</summary>
    public static void WriteLines<T>(string file, IEnumerable<T> items)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var writer = new StreamWriter(file);
        foreach (var item in items) writer.Write(JsonSerializer.Serialize(item, options) + "\n");
    }
}

namespace PortfolioProject.Retrieval;

/// <summary>The entries of <c>english.txt</c> by kind, in the file's order, with the named parts of patterns filled in.</summary>
internal static class English
{
    private static readonly ILookup<string, string> Entries = Read();

    public static IEnumerable<string> Lines(string kind) => Entries[kind];

    public static IEnumerable<string> Words(string kind) => Entries[kind].SelectMany(line => line.Split(' '));

    private static ILookup<string, string> Read()
    {
        using var reader = new StreamReader(typeof(English).Assembly.GetManifestResourceStream("english.txt")!);
        var parts = new Dictionary<string, string>();
        var entries = new List<(string Kind, string Text)>();
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l[0] != '#'))
        {
            var entry = Regex.Replace(line, "<([A-Z]+)>", m => parts[m.Groups[1].Value]).Split((char[]?)null, 2, StringSplitOptions.TrimEntries);
            if (entry[0] == "let" && entry[1].Split(' ', 2, StringSplitOptions.TrimEntries) is [var name, var pattern]) parts[name] = pattern;
            else entries.Add((entry[0], entry[^1]));
        }
        return entries.ToLookup(e => e.Kind, e => e.Text);
    }
}

/// <summary>The form of answer that a question asks for, told from its words: a pattern for text of that form, or none for any phrase.</summary>
internal sealed record AnswerType(Regex Asks, Regex? Form, bool IsSentence)
{
    private static readonly AnswerType[] All = [.. English.Lines("question").Zip(English.Lines("answer"), (asks, form) => new AnswerType(
        new(asks, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant), form is "sentence" or "phrase" ? null : new(form), form == "sentence"))];

    public static AnswerType Of(string question) => All.First(t => t.Asks.IsMatch(question));
}

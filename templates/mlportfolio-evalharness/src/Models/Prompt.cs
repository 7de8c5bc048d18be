namespace PortfolioProject.Models;

/// <summary>A prompt's front matter.</summary>
public sealed record PromptHeader
{
    public required string Name { get; init; }
    public required int Version { get; init; }
}

/// <summary>
/// A versioned prompt: a Markdown file <c>name-vN.md</c> with front matter, and a section for each message under the heading <c># System</c> or
/// <c># User</c>. Both {{question}} and {{context}} must occur, and no other placeholder may. Its id, name and version with the first 12 digits
/// of the file's SHA-256, is part of every request.
/// </summary>
public sealed partial record Prompt(string Id, IReadOnlyList<(ChatRole Role, string Text)> Messages)
{
    private static readonly string[] Known = ["question", "context"];

    public static Prompt Read(string file) => Parse(TextFile.Read(file, "Name a file under prompts/"), file);

    public static Prompt Parse(string text, string file)
    {
        UserError Wrong(string problem, string expected, string? got = null) => new(problem, file, expected: expected, got: got);
        if (text.Split("---\n", 3) is not ["", var front, var body]) throw Wrong("no front matter", "lines of --- around name and version, at the top");
        var header = StrictYaml.Parse<PromptHeader>(front, file);
        var name = $"{header.Name}-v{header.Version}";
        if (Path.GetFileNameWithoutExtension(file) != name) throw Wrong("name and version are not the file's", name + ".md", Path.GetFileName(file));
        var used = Placeholder().Matches(body).Select(m => m.Groups[1].Value).ToHashSet();
        if (used.Except(Known).FirstOrDefault() is { } unknown) throw Wrong("unknown placeholder", "{{question}} and {{context}}", $"{{{{{unknown}}}}}");
        if (Known.Except(used).FirstOrDefault() is { } unused) throw Wrong("placeholder missing", $"{{{{{unused}}}}}");
        if (Heading().Split(body) is not [var before, .. { Length: > 0 } parts] || before.Trim().Length > 0) throw Wrong("text outside a message", "the headings # System and # User");
        return new($"{name}@{TextFile.Sha256(text)[..12]}", [.. parts.Chunk(2).Select(p => (new ChatRole(p[0].ToLowerInvariant()), p[1].Trim()))]);
    }

    /// <summary>Fills the placeholders in one pass: a question that looks like a placeholder stays a question.</summary>
    public IReadOnlyList<ChatMessage> Render(string question, string context) =>
        [.. Messages.Select(m => new ChatMessage(m.Role, Placeholder().Replace(m.Text, p => p.Groups[1].Value == "question" ? question : context)))];

    [GeneratedRegex(@"\{\{\s*(.*?)\s*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^# (System|User)\n", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

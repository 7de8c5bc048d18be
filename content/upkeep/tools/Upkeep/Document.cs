using System.Text;
using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>One statement of a document's prose: a paragraph, a list item or a table row, on one line, under the heading that it stands below.</summary>
internal sealed record Passage(string File, int Line, string Section, string Text)
{
    public string Where => $"{File}:{Line}";

    public int Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(w => w.Any(char.IsLetter));
}

/// <summary>A heading, the words of prose below it, and whether an exhibit (evidence block, table, code, picture) or a subsection stands there.</summary>
internal sealed record Section(string File, int Line, string Heading, int Level)
{
    public int Words { get; set; }
    public bool HasExhibit { get; set; }
}

/// <summary>The body of an evidence block.</summary>
internal sealed record Exhibit(string File, int Line, string Name, string Body);

/// <summary>
/// Markdown as a reviewer reads it: passages of prose, sections and evidence blocks. Front matter, code, comments and headings are no prose. What
/// is left open (a fence, a block) is a problem with its line; nothing throws.
/// </summary>
internal sealed partial class Document
{
    /// <summary>What is longer was not written by a person; the rest of it is not read.</summary>
    private const int LongestPassage = 5000;

    private readonly StringBuilder _open = new();
    private int _began;

    public Document(string file, string text)
    {
        File = file;
        var lines = text.Replace("\r\n", "\n").Split('\n');
        var (fence, block, body) = (0, (Exhibit?)null, new StringBuilder());
        var first = lines[0] == "---" ? Array.IndexOf(lines, "---", 1) + 1 : 0;
        for (var i = first; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            var mark = Marker().Match(line);
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (fence == 0) Flush(exhibit: true);
                fence = fence == 0 ? i + 1 : 0;
                body.Append(block is null ? "" : line + "\n");
            }
            else if (fence > 0 && block is null) continue;
            else if (fence == 0 && mark.Success)
            {
                Flush(exhibit: true);
                if (block is not null) Exhibits.Add(block with { Body = body.ToString() });
                block = mark.Groups[1].Success ? new Exhibit(file, i + 1, mark.Groups[1].Value, "") : null;
                body.Clear();
            }
            else if (block is not null) body.Append(line).Append('\n');
            else if (Heading().Match(line) is { Success: true } heading)
            {
                Flush();
                Sections.Add(new Section(file, i + 1, heading.Groups[2].Value.Trim(), heading.Groups[1].Length));
            }
            else if (line.Length == 0 || line.StartsWith("<!--", StringComparison.Ordinal)) Flush();
            else if (line.StartsWith("![", StringComparison.Ordinal) || Rule().IsMatch(line)) Flush(exhibit: true);
            else if (line.StartsWith('|')) Row(line, i, isHead: i + 1 < lines.Length && Rule().IsMatch(lines[i + 1].Trim()));
            else
            {
                if (Item().Match(line) is { Success: true } item) (line, _) = (line[item.Length..], Flush());
                if (_open.Length == 0) _began = i + 1;
                _open.Append(_open.Length == 0 ? "" : " ").Append(line);
            }
        }

        Flush();
        if (fence > 0) Problems.Add(($"{file}:{fence}", "a code fence is not closed: everything below it is shown as code"));
        if (block is not null) Problems.Add(($"{file}:{block.Line}", $"evidence block \"{block.Name}\" is not closed: `pin` cannot render it"));
    }

    public string File { get; }
    public List<Passage> Passages { get; } = [];
    public List<Section> Sections { get; } = [];
    public List<Exhibit> Exhibits { get; } = [];
    public List<(string Where, string What)> Problems { get; } = [];

    /// <summary>docs/decisions/NNNN-slug.md.</summary>
    public static bool IsDecision(string path) => path.StartsWith("docs/decisions/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal)
        && char.IsAsciiDigit(path["docs/decisions/".Length]);

    /// <summary>README and docs, whose prose ships as the template's and should not stay so; decisions say themselves whose they are.</summary>
    public static bool IsMemo(string path) => path == "README.md" || (path.StartsWith("docs/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal)
        && !IsDecision(path) && path is not ("docs/make-it-yours.md" or "docs/DEFENCE.md"));

    private Section Current => Sections is [.., var last] ? last : new Section(File, 1, "", 0);

    private void Row(string line, int index, bool isHead)
    {
        Flush(exhibit: true);
        if (isHead) return;
        (_began, _) = (index + 1, _open.Append(line.Trim('|', ' ')));
        Flush();
    }

    private bool Flush(bool exhibit = false)
    {
        var passage = new Passage(File, _began, Current.Heading, Spaces().Replace(_open.ToString(0, Math.Min(_open.Length, LongestPassage)), " ").Trim());
        if (passage.Text.Length > 0) Passages.Add(passage);
        Current.Words += passage.Words;
        Current.HasExhibit |= exhibit;
        _open.Clear();
        return true;
    }

    [GeneratedRegex(@"^<!-- (?:evidence:([\w-]+)|/evidence) -->$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^(#{1,6})\s+(.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?:[-*+]|\d+[.)])\s+")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\|?(?>\s*:?-{3,}:?\s*\|?)+$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

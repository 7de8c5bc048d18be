namespace PortfolioProject.Evidence;

/// <summary>A rendered place in Markdown: the text between the lines "&lt;!-- evidence:NAME --&gt;" and "&lt;!-- /evidence --&gt;", code fences aside.</summary>
internal sealed partial record Block(string Name, int Line, int Start, string Body)
{
    public static IReadOnlyList<Block> Find(string text, string file)
    {
        var (blocks, offset, fenced) = (new List<Block>(), 0, false);
        Block? open = null;
        foreach (var (i, line) in text.Split('\n').Index())
        {
            fenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            var mark = fenced ? Match.Empty : Marker().Match(line);
            if (mark.Success && (mark.Groups[1].Length > 0 ? open is not null : open is null))
                throw new UserError(open is null ? "an evidence block ends that never began" : $"evidence block \"{open.Name}\" is not closed", file, open?.Line ?? i + 1);
            if (mark.Success && open is not null) blocks.Add(open with { Body = text[open.Start..offset] });
            if (mark.Success) open = open is null ? new Block(mark.Groups[1].Value, i + 1, offset + line.Length + 1, "") : null;
            offset += line.Length + 1;
        }

        return open is null ? blocks : throw new UserError($"evidence block \"{open.Name}\" is not closed", file, open.Line, expected: "a line <!-- /evidence -->");
    }

    /// <summary>The document with every block's body replaced.</summary>
    public static string Rewrite(string text, string file, Func<string, string> render) =>
        Find(text, file).Reverse().Aggregate(text, (t, b) => t[..b.Start] + render(b.Name) + t[(b.Start + b.Body.Length)..]);

    [GeneratedRegex(@"^\s*<!-- (?:evidence:([\w-]+)|/evidence) -->\s*$")]
    private static partial Regex Marker();
}

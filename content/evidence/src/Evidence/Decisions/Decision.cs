namespace PortfolioProject.Evidence;

public enum Origin
{
    Template,
    Owner,
}

/// <summary>Front matter of docs/decisions/NNNN-slug.md: one changed factor, and the two operands that show what it did.</summary>
public sealed record DecisionHeader
{
    public required string Title { get; init; }

    public required DateOnly Date { get; init; }

    public required Origin Origin { get; init; }

    public required string Hypothesis { get; init; }

    public required string Changed { get; init; }

    public required string Metric { get; init; }

    public required string Before { get; init; }

    public required string After { get; init; }

    public string? Slice { get; init; }
}

/// <summary>A decision with its effect as computed from the two runs; null while they are not pinned.</summary>
public sealed record Decision(string Number, string File, DecisionHeader Header, Comparison? Effect)
{
    public const string Folder = "docs/decisions";

    public static IReadOnlyList<string> Files(string root) => !Directory.Exists(Path.Combine(root, Folder)) ? []
        : [.. Directory.GetFiles(Path.Combine(root, Folder), "*.md").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])).Order(StringComparer.Ordinal)];

    /// <summary>Reads a decision and computes its effect; broken front matter, operands or metrics are a <see cref="UserError"/>.</summary>
    public static Decision Load(Portfolio portfolio, string file)
    {
        var name = Repository.Relative(portfolio.Root, file);
        var text = TextFile.Read(file);
        var end = text.IndexOf("\n---\n", StringComparison.Ordinal);
        if (!text.StartsWith("---\n", StringComparison.Ordinal) || end < 0)
            throw new UserError("no front matter", name, 1, expected: "YAML between two lines of ---");
        var header = StrictYaml.Parse<DecisionHeader>("\n" + text[4..end], name);
        var metric = portfolio.Metric(header.Metric, name);
        if (new[] { header.Before, header.After }.FirstOrDefault(o => !o.StartsWith(RunStore.ResultsFolder + "/", StringComparison.Ordinal)) is { } loose)
            throw new UserError("a decision rests on pinned runs", name, expected: "an operand results/<kind>[:variant]", got: UserError.Quote(loose), fix: "Pin the run");
        if (!Directory.Exists(Path.Combine(portfolio.Root, RunStore.ResultsFolder)))
            return new Decision(Path.GetFileName(file)[..4], name, header, null);
        var (before, after) = (RunStore.Resolve(portfolio.Root, header.Before), RunStore.Resolve(portfolio.Root, header.After));
        foreach (var operand in new[] { before, after })
            if (operand.Variant is null && operand.Run.Variants.Count > 1)
                throw new UserError("which variant?", name, expected: "RUN:variant", fix: "The run has " + string.Join(", ", operand.Run.Variants));
        var effect = PairedComparison.Compare(before.Cases, after.Cases, [metric], before.Run.Manifest.Seed, portfolio.Scope, header.Slice is null ? [] : [header.Slice.Split('=')[0]])
            .FirstOrDefault(c => c.Slice == header.Slice);
        return new Decision(Path.GetFileName(file)[..4], name, header, effect ?? throw new UserError("no case has this metric in both runs", name, field: header.Metric));
    }
}

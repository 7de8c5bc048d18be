namespace PortfolioProject.Evidence;

public enum Origin { Template, Owner }

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

/// <summary>A decision with its effect as computed from the two runs; null while nothing is pinned.</summary>
public sealed record Decision(string Number, string File, DecisionHeader Header, Comparison? Effect)
{
    public static IReadOnlyList<string> Files(string root) => Path.Combine(root, "docs", "decisions") is var folder && !Directory.Exists(folder) ? []
        : [.. Directory.GetFiles(folder, "*.md").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])).Order(StringComparer.Ordinal)];

    /// <summary>Reads a decision and computes its effect; broken front matter, operands or metrics are a <see cref="UserError"/> (which leaves the file to its catcher).</summary>
    public static Decision Load(Portfolio portfolio, string file)
    {
        var (name, text) = (Repository.Relative(portfolio.Root, file), TextFile.Read(file));
        var end = text.IndexOf("\n---\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith("---\n", StringComparison.Ordinal)) throw new UserError("no front matter", expected: "YAML between two lines of ---");
        var header = StrictYaml.Parse<DecisionHeader>("\n" + text[4..end], "line");
        var (decision, metric) = (new Decision(Path.GetFileName(file).Split('-')[0], name, header, null), portfolio.Metric(header.Metric));
        if (!Directory.Exists(Path.Combine(portfolio.Root, RunStore.ResultsFolder))) return decision;
        var (before, after) = (Pinned(portfolio.Root, header.Before), Pinned(portfolio.Root, header.After));
        var effects = PairedComparison.Compare(before.Cases, after.Cases, [metric], before.Run.Manifest.Seed, portfolio.Scope, header.Slice is null ? [] : [header.Slice.Split('=')[0]]);
        return decision with { Effect = effects.FirstOrDefault(c => c.Slice == header.Slice) ?? throw new UserError($"no case has {header.Metric} in both runs") };
    }

    private static Operand Pinned(string root, string operand)
    {
        if (!operand.StartsWith(RunStore.ResultsFolder + "/", StringComparison.Ordinal))
            throw new UserError("a decision rests on pinned runs", expected: "results/<kind>[:variant]", got: UserError.Quote(operand), fix: "Pin the run");
        var found = RunStore.Resolve(root, operand);
        return found.Variant is null && found.Run.Variants.Count > 1 ? throw new UserError("which variant?", operand, expected: string.Join(", ", found.Run.Variants)) : found;
    }
}

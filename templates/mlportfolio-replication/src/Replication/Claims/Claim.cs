namespace PortfolioProject.Replication;

/// <summary>
/// What a line measures, for each seed. Along sizes: Argmax (the size of the largest value, from `from` on), Value (at `to`), LogRatio
/// (log₁₀ of value at `from` over value at `to`), Bump (its negative), Difference (`from` less `to`), GainOverBestSmall (the least value at
/// sizes below 0.95 less the value at `to`), ShareOfKernel (value at `to` over the kernel limit's), Slope (of log value over log size, from
/// `from` on). Rises: the number of neighbouring sizes between which the mean logarithm rises, at level 0.05 after Bonferroni. Cell: the
/// values of named cells.
/// </summary>
public enum Quantity { Argmax, Value, LogRatio, Bump, Difference, GainOverBestSmall, ShareOfKernel, Slope, Rises, Cell }

public enum Statistic { Mean, Median, Minimum, Maximum }

public enum Condition { Above, Below, Within }

public enum Source { Text, Figure, Derived }

/// <summary>One measurement of a claim; with <see cref="Noise"/> one at each level.</summary>
public sealed record ClaimLine
{
    public required Quantity Quantity { get; init; }
    public required string Metric { get; init; }
    public string Variant { get; init; } = "minimum-norm";
    public IReadOnlyList<double>? Noise { get; init; }
    public IReadOnlyList<string>? Cells { get; init; }
    public double? From { get; init; }
    public double? To { get; init; }
    public required Statistic Statistic { get; init; }
    public required Condition Condition { get; init; }
    public required double Expected { get; init; }
    public double? Tolerance { get; init; }
}

/// <summary>A claim of a paper with its outcome rule: the lines that must hold.</summary>
public sealed record Claim
{
    public required string Id { get; init; }
    public required string Paper { get; init; }

    /// <summary>The kind of run that it is measured on.</summary>
    public required string Kind { get; init; }

    public required string Statement { get; init; }
    public required string Quote { get; init; }

    /// <summary>Whether <see cref="Quote"/> was compared with the paper's own words; if not, it is a paraphrase.</summary>
    public required bool Quoted { get; init; }

    public required string Where { get; init; }
    public required Source Source { get; init; }
    public required IReadOnlyList<ClaimLine> Lines { get; init; }
}

/// <summary>claims.yaml, and where there are more, the claims-*.yaml beside it.</summary>
public sealed record ClaimFile
{
    public const string Name = "claims.yaml";

    public required IReadOnlyList<Claim> Claims { get; init; }

    public static ClaimFile Read(string root)
    {
        string[] more = Directory.Exists(root) ? Directory.GetFiles(root, "claims-*.yaml") : [];
        var file = new ClaimFile { Claims = [.. more.Order(StringComparer.Ordinal).Prepend(Path.Combine(root, Name)).SelectMany(f => StrictYaml.Read<ClaimFile>(f).Claims)] };
        foreach (var (c, claim) in file.Claims.Index())
        {
            if (file.Claims.Take(c).Any(other => other.Id == claim.Id)) throw new UserError("a claim twice", Name, field: $"claims.{c}.id", got: UserError.Quote(claim.Id));
            if (claim.Lines.Count == 0) throw new UserError("a claim that nothing measures", Name, field: $"claims.{c}.lines", expected: "at least one line");
            foreach (var (i, line) in claim.Lines.Index())
                if (line.Condition == Condition.Within != line.Tolerance is not null)
                    throw new UserError("a tolerance belongs to \"within\"", Name, field: $"claims.{c}.lines.{i}", expected: "within with a tolerance; above and below without");
        }

        return file;
    }
}

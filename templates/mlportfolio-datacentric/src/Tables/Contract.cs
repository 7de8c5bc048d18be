using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Tables;

public enum ColumnType { Integer, Number, Text }

/// <summary>What a column may hold. A feature is a numeric column that is not ignored; features are scaled to (value − min) / (max − min).</summary>
public sealed record ColumnRule
{
    public required string Name { get; init; }
    public required ColumnType Type { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }

    /// <summary>The only values allowed.</summary>
    public IReadOnlyList<string>? Values { get; init; }
    public bool Unique { get; init; }

    /// <summary>Whether cells may be empty; a feature then takes the column's median there.</summary>
    public bool Missing { get; init; }

    /// <summary>Whether the column stays out of the model: identifiers, notes.</summary>
    public bool Ignore { get; init; }

    /// <summary>The share of rows that must keep range and set.</summary>
    [Range(0.0, 1.0)]
    public double Mostly { get; init; } = 1;
}

/// <summary>An allowed range, ends included.</summary>
public sealed record Bounds
{
    public double Min { get; init; }
    public double Max { get; init; } = double.MaxValue;
}

public enum SplitKind { Blocked, Stratified }

/// <summary>The sealed test set: blocks of the row order (one writer wrote many rows in a row), or a stratified share of the rows.</summary>
public sealed record TestRule
{
    public required SplitKind Kind { get; init; }

    [Range(2, 1000)]
    public int Blocks { get; init; } = 13;
    public IReadOnlyList<int> HoldOut { get; init; } = [];

    [Range(0.05, 0.5)]
    public double Share { get; init; } = 0.3;

    /// <summary>Draws a stratified share; a run's own seed never moves the test set.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Of the sealed lines: any change to them is refused.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>Rows are pictures of this size, so that they can be shown, shifted and described by gradients.</summary>
public sealed record ImageRule
{
    public required int Width { get; init; }
    public required int Height { get; init; }
}

/// <summary>A contract: what a table must be before anything is computed from it.</summary>
public sealed record Contract
{
    public required string Label { get; init; }
    public Bounds Rows { get; init; } = new();
    public Bounds ClassShare { get; init; } = new() { Max = 1 };

    /// <summary>Near duplicates lie closer than this share of the median distance to the nearest neighbour.</summary>
    [Range(0.001, 10.0)]
    public double NearDuplicate { get; init; } = 0.13;
    public required TestRule Test { get; init; }
    public ImageRule? Image { get; init; }
    public required IReadOnlyList<ColumnRule> Columns { get; init; }

    public IEnumerable<ColumnRule> Features => Columns.Where(c => c.Name != Label && !c.Ignore && c.Type != ColumnType.Text);

    /// <summary>Reads a contract that is one: its label is a column, columns are named once, and some are features.</summary>
    public static Contract Load(string file, string shown)
    {
        var contract = StrictYaml.Parse<Contract>(TextFile.Read(file, "contract infer DATA.csv drafts one"), shown);
        if (contract.Columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }) throw new UserError("named twice", shown, field: "columns", got: UserError.Quote(twice));
        if (contract.Columns.All(c => c.Name != contract.Label)) throw new UserError("no such column", shown, field: "label", got: UserError.Quote(contract.Label), fix: ClosestName.Suggest(contract.Label, contract.Columns.Select(c => c.Name)));
        if (!contract.Features.Any()) throw new UserError("no column is a feature", shown, field: "columns", expected: "numeric columns that are not ignored");
        if (contract.Image is { } i && i.Width * i.Height != contract.Features.Count()) throw new UserError("the features are no picture of this size", shown, field: "image", expected: $"{i.Width * i.Height} features", got: $"{contract.Features.Count()}");
        var test = contract.Test;
        if (test.Kind == SplitKind.Blocked && (test.HoldOut.Count == 0 || test.HoldOut.Any(b => b < 0 || b >= test.Blocks) || test.HoldOut.Distinct().Count() is var held && (held == test.Blocks || held < test.HoldOut.Count)))
            throw new UserError("these blocks cannot be held out", shown, field: "test.hold_out", expected: $"some, not all, of 0 … {test.Blocks - 1}, each once");
        return contract;
    }
}

namespace PortfolioProject.Modeling;

/// <summary>
/// A labelled table: rows [n × features], row-major, labels as indexes into <see cref="Classes"/> (integers by size, other names ordinal).
/// Group: what rows share, such as a writer; a row's group never stands on both sides of a blocked split.
/// </summary>
public sealed record Table(IReadOnlyList<string> Features, IReadOnlyList<string> Classes, float[] Rows, int[] Labels, IReadOnlyList<string> Groups, string GroupedBy)
{
    public int Count => Labels.Length;

    public ReadOnlySpan<float> Row(int i) => Rows.AsSpan(i * Features.Count, Features.Count);

    /// <summary>The values of these rows, one after another.</summary>
    public float[] RowsOf(IEnumerable<int> indexes) => [.. indexes.SelectMany(i => Row(i).ToArray())];

    /// <summary>The table with more rows behind it, which form a group of their own.</summary>
    public Table Append(IReadOnlyList<(float[] Features, string Label)> rows, string group) => this with
    {
        Rows = [.. Rows, .. rows.SelectMany(r => r.Features)],
        Labels = [.. Labels, .. rows.Select(r => Classes.Index().First(c => c.Item == r.Label).Index)],
        Groups = [.. Groups, .. rows.Select(_ => group)],
        GroupedBy = $"{GroupedBy}, and {rows.Count} rows of {group}",
    };

    internal static IReadOnlyList<string> OrderClasses(IEnumerable<string> labels) =>
        labels.Distinct().ToList() is var names && names.All(n => long.TryParse(n, out _)) ? [.. names.OrderBy(long.Parse).ThenBy(n => n, StringComparer.Ordinal)] : [.. names.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Blocks of the row order stand for groups that the file does not name. Where a class lies together (a file sorted by label), the order
    /// within each class is cut instead, so that no class is held out whole.
    /// </summary>
    internal static (IReadOnlyList<string> Groups, string By) Blocks(int[] labels, int blocks)
    {
        blocks = Math.Min(blocks, labels.Length);
        int At(int row, int rows) => (int)((long)row * blocks / rows);
        var classes = labels.Index().GroupBy(l => l.Item, l => l.Index).Select(k => k.ToArray()).ToList();
        var sorted = classes.Any(rows => rows.Length >= blocks && 2 * rows.Select(row => At(row, labels.Length)).Distinct().Count() < blocks);
        var groups = new int[labels.Length];
        foreach (var rows in classes)
            foreach (var (rank, row) in rows.Index()) groups[row] = sorted ? At(rank, rows.Length) : At(row, labels.Length);
        return ([.. groups.Select(block => FormattableString.Invariant($"block-{block:00}"))],
            sorted ? $"{blocks} blocks of the order within each class, because rows are sorted by class" : $"{blocks} blocks of the row order");
    }
}

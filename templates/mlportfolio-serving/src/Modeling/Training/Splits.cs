namespace PortfolioProject.Modeling;

/// <summary>Which rows are held out together. Streams of the seed: 1 order of rows for random folds, 2 choice of validation rows.</summary>
internal static class Splits
{
    private const int FoldStream = 1, ValidationStream = 2;

    /// <summary>The rows of each fold: whole groups in the order in which they appear (neighbours together), or rows in random order.</summary>
    public static IReadOnlyList<int[]> Folds(Table table, SplitType split, int folds, long seed)
    {
        var units = split == SplitType.Blocked ? Groups(Enumerable.Range(0, table.Count), table) : [.. Shuffled(Enumerable.Range(0, table.Count), seed, FoldStream).Select(row => new[] { row })];
        folds = Math.Min(folds, units.Count);
        return [.. units.Index().GroupBy(u => (int)((long)u.Index * folds / units.Count), u => u.Item).Select(fold => fold.SelectMany(rows => rows).Order().ToArray())];
    }

    /// <summary>Parts rows into training and validation in the way of the split; by rows where fewer than two groups are small enough to hold out.</summary>
    public static (int[] Train, int[] Validation) Part(Table table, IReadOnlyCollection<int> rows, SplitType split, double share, long seed)
    {
        var units = split == SplitType.Blocked ? Groups(rows, table).FindAll(unit => 2 * unit.Length <= rows.Count) : [];
        if (units.Count < 2) units = [.. rows.Select(row => new[] { row })];
        var (validation, wanted) = (new List<int>(), Math.Max(1, share * rows.Count));
        foreach (var unit in Shuffled(units, seed, ValidationStream).SkipLast(1))
            if (validation.Count < wanted) validation.AddRange(unit);
        return ([.. rows.Except(validation).Order()], [.. validation.Order()]);
    }

    private static List<int[]> Groups(IEnumerable<int> rows, Table table) => [.. rows.GroupBy(row => table.Groups[row]).Select(g => g.ToArray())];

    private static T[] Shuffled<T>(IEnumerable<T> items, long seed, int stream)
    {
        var order = items.ToArray();
        new RandomStream(seed, stream).Shuffle<T>(order);
        return order;
    }
}

namespace PortfolioProject.Tables;

/// <summary>Which rows of a base file are the sealed test set, and their hash.</summary>
public static class SealedTest
{
    private const int SplitStream = 1;

    /// <summary>Row numbers (from 1), ascending.</summary>
    public static IReadOnlyList<int> Rows(CsvText csv, Contract contract)
    {
        var label = csv.Header.IndexOf(contract.Label);
        var given = csv.Lines.Skip(1).Take(csv.Count - 1).Select(l => CsvText.Plain(CsvText.Cells(l)[label].Raw)).ToList();
        var classes = given.Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(c => c.Item, c => c.Index);
        var held = contract.Test.Kind == SplitKind.Blocked ? Splits.Blocks(given.Count, contract.Test.Blocks).Select(contract.Test.HoldOut.Contains).ToArray()
            : Splits.Stratified([.. given.Select(g => classes[g])], contract.Test.Share, new RandomStream(contract.Test.Seed, SplitStream));
        return [.. Enumerable.Range(1, given.Count).Where(row => held[row - 1])];
    }

    public static string Sha256(CsvText csv, IReadOnlyList<int> rows) => TextFile.Sha256(string.Join('\n', rows.Select(r => csv.Lines[r].TrimEnd('\r'))));
}

/// <summary>Ways to divide rows; draws come from the stream given.</summary>
public static class Splits
{
    /// <summary>⌊count · row / n⌋: neighbours in the file stay together.</summary>
    public static int[] Blocks(int n, int count) => [.. Enumerable.Range(0, n).Select(i => (int)((long)count * i / n))];

    /// <summary>Marks round(share · n) rows of each class, at least one and never all of a class with two or more.</summary>
    public static bool[] Stratified(int[] labels, double share, RandomStream stream)
    {
        var marked = new bool[labels.Length];
        foreach (var members in ByClass(labels, stream))
            foreach (var i in members.Take(Math.Clamp((int)Math.Round(share * members.Length), Math.Min(1, members.Length - 1), members.Length - 1))) marked[i] = true;
        return marked;
    }

    /// <summary>Fold ids 0 … k − 1; each class is dealt out in turn, going on where the one before ended.</summary>
    public static int[] StratifiedFolds(int[] labels, int k, RandomStream stream)
    {
        var (folds, next) = (new int[labels.Length], 0);
        foreach (var i in ByClass(labels, stream).SelectMany(m => m)) folds[i] = next++ % k;
        return folds;
    }

    private static IEnumerable<int[]> ByClass(int[] labels, RandomStream stream)
    {
        foreach (var group in labels.Index().GroupBy(l => l.Item, l => l.Index).OrderBy(g => g.Key))
        {
            var members = group.ToArray();
            stream.Shuffle<int>(members);
            yield return members;
        }
    }
}

namespace PortfolioProject.Ladder;

[Flags]
public enum Fault { None = 0, Noise = 1, Duplicate = 2, Leak = 4 }

/// <summary>One training or test row: features as in the file, the label given and the true one, the row of the base file that it is or copies, and what was done to it.</summary>
public sealed record Sample(double[] Features, int Given, int True, int Row, Fault Fault = Fault.None);

/// <summary>
/// Plants known faults, in this order: imbalance, look-alike noise, jittered near-duplicates, leaked test rows. Streams of a seed: 10 imbalance, 11 noise,
/// 12 duplicates, 13 leaks.
/// </summary>
public static class FaultPlanter
{
    private const double JitterShare = 0.3;

    public static IReadOnlyList<Sample> Plant(IReadOnlyList<Sample> pool, IReadOnlyList<Sample> test, Table table, FaultConfig faults, long seed)
    {
        var rows = Cut(pool, table, faults, new RandomStream(seed, 10));
        rows = Mislabel(rows, table, faults, new RandomStream(seed, 11));
        rows = [.. rows, .. Jitter(rows, table, faults.Duplicates, new RandomStream(seed, 12))];
        return [.. rows, .. Draw(test, faults.Leaks, new RandomStream(seed, 13)).Select(s => s with { Fault = Fault.Leak })];
    }

    private static IReadOnlyList<Sample> Cut(IReadOnlyList<Sample> pool, Table table, FaultConfig faults, RandomStream stream)
    {
        var gone = new HashSet<Sample>(ReferenceEqualityComparer.Instance);
        foreach (var members in faults.Rare.Select(name => pool.Where(s => table.Classes[s.True] == name).ToList()))
            gone.UnionWith(Draw(members, members.Count - (int)Math.Round(faults.RareShare * members.Count), stream));
        return [.. pool.Where(s => !gone.Contains(s))];
    }

    /// <summary>Exactly round(share · n) rows of each class, drawn without replacement.</summary>
    public static IReadOnlyList<Sample> Mislabel(IReadOnlyList<Sample> rows, Table table, FaultConfig faults, RandomStream stream)
    {
        var wrong = new Dictionary<Sample, int>(ReferenceEqualityComparer.Instance);
        foreach (var members in rows.GroupBy(s => s.True).OrderBy(g => g.Key).Select(g => g.ToList()))
            if (faults.LookAlikes.TryGetValue(table.Classes[members[0].True], out var name) && table.ClassOf(name) is var other and >= 0)
                foreach (var row in Draw(members, (int)Math.Round(faults.Noise * members.Count), stream)) wrong[row] = other;
        return [.. rows.Select(s => wrong.TryGetValue(s, out var label) ? s with { Given = label, Fault = s.Fault | Fault.Noise } : s)];
    }

    /// <summary>Copies whose features each move by 1, up or down, with probability .3, within the contract's range; they keep the label given.</summary>
    private static IEnumerable<Sample> Jitter(IReadOnlyList<Sample> rows, Table table, int count, RandomStream stream)
    {
        var rules = table.Contract.Features.ToList();
        foreach (var row in Draw(rows, count, stream))
        {
            var moved = row.Features.Select((v, j) => stream.Unit() < JitterShare ? Math.Clamp(v + (stream.Below(2) == 0 ? -1 : 1), rules[j].Min ?? v - 1, rules[j].Max ?? v + 1) : v).ToArray();
            yield return row with { Features = moved, Fault = row.Fault | Fault.Duplicate };
        }
    }

    /// <summary>Some of the rows, without replacement, in their order.</summary>
    public static IReadOnlyList<Sample> Draw(IReadOnlyList<Sample> rows, int count, RandomStream stream)
    {
        var order = Enumerable.Range(0, rows.Count).ToArray();
        stream.Shuffle<int>(order);
        return [.. order.Take(count).Order().Select(i => rows[i])];
    }
}

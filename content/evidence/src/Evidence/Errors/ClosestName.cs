namespace PortfolioProject.Evidence;

/// <summary>Finds the name a user probably meant: the smallest Levenshtein distance, at most a third of the name's length (at least 2).</summary>
public static class ClosestName
{
    /// <summary>"Did you mean "x"?", or the list of known names when none is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return names.Count == 0 ? "None is known" : names.MinBy(k => Distance(name, k)) is { } best && Distance(name, best) <= Math.Max(2, name.Length / 3)
            ? $"Did you mean \"{best}\"?" : "Known: " + string.Join(", ", names);
    }

    private static int Distance(string a, string b) => a.Aggregate(Enumerable.Range(0, b.Length + 1).ToArray(), (above, letter) =>
    {
        var row = new int[b.Length + 1];
        row[0] = above[0] + 1;
        for (var j = 1; j <= b.Length; j++) row[j] = Math.Min(above[j - 1] + (letter == b[j - 1] ? 0 : 1), 1 + Math.Min(above[j], row[j - 1]));
        return row;
    })[^1];
}

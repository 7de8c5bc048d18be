namespace PortfolioProject.Evidence;

/// <summary>Finds the name a user probably meant: the smallest Levenshtein distance, at most a third of the name's length (at least 2).</summary>
public static class ClosestName
{
    /// <summary>"Did you mean "x"?", or the list of known names when none is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var best = names.Select(k => (Name: k, Distance: Distance(name, k))).OrderBy(c => c.Distance).FirstOrDefault();
        return names.Count == 0 ? "None is known"
            : best.Distance <= Math.Max(2, name.Length / 3) ? $"Did you mean \"{best.Name}\"?" : "Known: " + string.Join(", ", names);
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

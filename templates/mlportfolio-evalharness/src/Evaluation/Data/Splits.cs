namespace PortfolioProject.Evaluation;

/// <summary>
/// Gives every question a split where the file names none: whole clusters go to dev (about 30 %) or test by a hash of their name, so that
/// no document's questions are in both.
/// </summary>
internal static class Splits
{
    private const double DevShare = 0.3;

    public static (IReadOnlyList<Question> Questions, IReadOnlyList<string> Notes) Assign(IReadOnlyList<Question> questions)
    {
        if (questions.All(q => q.Split is not null)) return (questions, []);
        var component = Components(questions);
        var sizes = component.Values.CountBy(c => c, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var named = questions.Where(q => q.Split is not null).DistinctBy(q => component[q.Id]).ToDictionary(q => component[q.Id], q => q.Split, StringComparer.Ordinal);
        var clusters = sizes.Keys.OrderBy(TextFile.Sha256, StringComparer.Ordinal).ToList();
        if (clusters.Count == 1)
        {
            var dev = questions.Select(q => q.Id).OrderBy(TextFile.Sha256, StringComparer.Ordinal).Take((int)(questions.Count * DevShare)).ToHashSet();
            return ([.. questions.Select(q => q with { Split = q.Split ?? (dev.Contains(q.Id) ? "dev" : "test") })],
                ["All questions hang together through their documents, so dev and test share documents: the tuned threshold may look better than it is."]);
        }
        var wanted = DevShare * questions.Count;
        var taken = 0;
        var inDev = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cluster in clusters)
        {
            if (taken + (sizes[cluster] / 2.0) > wanted || inDev.Count == clusters.Count - 1) continue;
            inDev.Add(cluster);
            taken += sizes[cluster];
        }
        if (inDev.Count == 0) inDev.Add(clusters.MinBy(c => sizes[c])!);
        return ([.. questions.Select(q => q with { Split = q.Split ?? named.GetValueOrDefault(component[q.Id]) ?? (inDev.Contains(component[q.Id]) ? "dev" : "test") })],
            [$"The questions name no split: {inDev.Count} of {clusters.Count} document clusters went to dev by a hash of their names, the others to test."]);
    }

    /// <summary>Question id → the name of its component: questions are joined by a shared cluster, document or paraphrase group.</summary>
    private static Dictionary<string, string> Components(IReadOnlyList<Question> questions)
    {
        var parent = new Dictionary<string, string>(StringComparer.Ordinal);
        string Root(string x)
        {
            while (parent.GetValueOrDefault(x, x) is var up && up != x) x = up;
            return x;
        }
        static IEnumerable<string> Keys(string kind, params IEnumerable<string?> names) => names.OfType<string>().Select(name => kind + name);
        foreach (var q in questions)
            foreach (var key in Keys("d:", [q.Source, .. q.Spans.Select(s => s.Document)]).Concat(Keys("c:", q.Cluster)).Concat(Keys("g:", q.Group)))
            {
                string[] pair = [.. new[] { Root("q:" + q.Id), Root(key) }.Order(StringComparer.Ordinal)];
                parent[pair[1]] = pair[0];
            }
        return questions.ToDictionary(q => q.Id, q => Root("q:" + q.Id), StringComparer.Ordinal);
    }
}

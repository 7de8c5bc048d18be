namespace PortfolioProject.Metrics;

/// <summary>The ranking measures there are. A new one is a file in Measures/ and a line here.</summary>
public static class RankingMeasures
{
    private static readonly OrderedDictionary<string, Func<int, IRankingMeasure>> Known = new()
    {
        ["ndcg"] = _ => new Ndcg(null),
        ["ndcg@k"] = k => new Ndcg(k),
        ["ndcg-exp@k"] = k => new NdcgExponential(k),
        ["map"] = _ => new AveragePrecision(),
        ["mrr"] = _ => new ReciprocalRank(null),
        ["mrr@k"] = k => new ReciprocalRank(k),
        ["p@k"] = k => new Precision(k),
        ["recall@k"] = k => new Recall(k),
        ["recall-cap@k"] = k => new CappedRecall(k),
        ["success@k"] = k => new Success(k),
        ["rprec"] = _ => new RPrecision(),
    };

    /// <summary>One of each kind; those with a cutoff at 10.</summary>
    public static IReadOnlyList<IRankingMeasure> All { get; } = [.. Known.Values.Select(create => create(10))];

    /// <summary>The forms that <see cref="Parse"/> knows: <c>ndcg, ndcg@k, …</c></summary>
    public static string Names { get; } = string.Join(", ", Known.Keys);

    /// <exception cref="UserError">The name is unknown, or its cutoff is no whole number of at least 1.</exception>
    public static IRankingMeasure Parse(string name)
    {
        var (measure, at, cutoff) = name.Trim().ToLowerInvariant().Split('@', 2) is [var m, var c] ? (m, "@k", c) : (name.Trim().ToLowerInvariant(), "", "1");
        if (!Known.TryGetValue(measure + at, out var create)) throw new UserError("unknown metric", field: "metrics", expected: Names, got: $"\"{name}\"");
        return int.TryParse(cutoff, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k >= 1 ? create(k)
            : throw new UserError($"the cutoff of {measure}@k is not usable", field: "metrics", expected: "a whole number of at least 1", got: $"\"{cutoff}\"");
    }
}

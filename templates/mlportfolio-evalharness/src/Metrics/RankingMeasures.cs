namespace PortfolioProject.Metrics;

/// <summary>One number about one query's ranking. The join has already decided ties and judgements: a measure sees only the order.</summary>
/// <param name="Name">What it is asked for and printed by, such as <c>ndcg@10</c>.</param>
/// <param name="Definition">What it measures, as a formula in words.</param>
/// <param name="Score">Its value; where runs hold several documents, its exact mean over all their orders, each as likely as any other.</param>
public sealed record RankingMeasure(string Name, string Definition, Func<JudgedRanking, double> Score);

/// <summary>
/// The ranking measures there are, a row each, k being the cutoff. Sources: nDCG with linear gain Järvelin and Kekäläinen (TOIS 2002), with
/// exponential gain Burges et al. (ICML 2005), a measure of its own, for its values differ. In trec_eval: ndcg and ndcg_cut, map, recip_rank
/// (which has no cutoff), P, recall, success (often called hit rate), Rprec; recall-cap is what BEIR reports for sets with many relevant documents.
/// </summary>
public static class RankingMeasures
{
    private const string LinearGain = "Σ grade_i / log2(i + 1) over ranks i ≤ k, divided by the same sum for the ideal order of all judged documents. Linear gain.";
    private const string ExponentialGain = "Σ (2^grade_i − 1) / log2(i + 1) over ranks i ≤ k, divided by the same sum for the ideal order of all judged documents.";

    private const string FirstRelevant = "1 / rank of the first relevant document; 0 where none is among the first k.";

    private static readonly OrderedDictionary<string, Func<int, RankingMeasure>> Known = new()
    {
        ["ndcg"] = _ => new("ndcg", LinearGain, r => Ndcg(r, int.MaxValue, g => g)),
        ["ndcg@k"] = k => new($"ndcg@{k}", LinearGain, r => Ndcg(r, k, g => g)),
        ["ndcg-exp@k"] = k => new($"ndcg-exp@{k}", ExponentialGain, r => Ndcg(r, k, g => Math.Pow(2, g) - 1)),
        ["map"] = _ => new("map", "Σ (relevant among the first i) / i over the ranks i of retrieved relevant documents, divided by R, all relevant documents.", AveragePrecision),
        ["mrr"] = _ => new("mrr", FirstRelevant, r => AtFirstHit(r, rank => 1.0 / rank)),
        ["mrr@k"] = k => new($"mrr@{k}", FirstRelevant, r => AtFirstHit(r, rank => rank <= k ? 1.0 / rank : 0)),
        ["p@k"] = k => new($"p@{k}", "Relevant documents among the first k, divided by k (always by k).", r => Sum(r, k, k)),
        ["recall@k"] = k => new($"recall@{k}", "Relevant documents among the first k, divided by R, all relevant documents; 0 where R = 0.", r => Sum(r, k, r.Relevant)),
        ["recall-cap@k"] = k => new($"recall-cap@{k}", "Relevant documents among the first k, divided by min(k, R); 0 where R = 0.", r => Sum(r, k, Math.Min(k, r.Relevant))),
        ["success@k"] = k => new($"success@{k}", "1 if a relevant document is among the first k, else 0.", r => AtFirstHit(r, rank => rank <= k ? 1 : 0)),
        ["rprec"] = _ => new("rprec", "Relevant documents among the first R, divided by R, all relevant documents; 0 where R = 0.", r => Sum(r, r.Relevant, r.Relevant)),
    };

    /// <summary>One of each kind; those with a cutoff at 10.</summary>
    public static IReadOnlyList<RankingMeasure> All { get; } = [.. Known.Values.Select(create => create(10))];

    /// <summary>The forms that <see cref="Parse"/> knows: <c>ndcg, ndcg@k, …</c></summary>
    public static string Names { get; } = string.Join(", ", Known.Keys);

    /// <exception cref="UserError">The name is unknown, or its cutoff is no whole number of at least 1.</exception>
    public static RankingMeasure Parse(string name)
    {
        var (measure, at, cutoff) = name.Trim().ToLowerInvariant().Split('@', 2) is [var m, var c] ? (m, "@k", c) : (name.Trim().ToLowerInvariant(), "", "1");
        if (!Known.TryGetValue(measure + at, out var create)) throw new UserError("unknown metric", field: "metrics", expected: Names, got: $"\"{name}\"");
        return int.TryParse(cutoff, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k >= 1 ? create(k)
            : throw new UserError($"the cutoff of {measure}@k is not usable", field: "metrics", expected: "a whole number of at least 1", got: $"\"{cutoff}\"");
    }

    /// <summary>The ideal order is that of all judged documents, so what was not retrieved lowers it.</summary>
    private static double Ndcg(JudgedRanking ranking, int cutoff, Func<int, double> gain)
    {
        var ideal = ranking.Ideal.Take(Math.Min(cutoff, ranking.Relevant)).Select((g, i) => gain(g) / Math.Log2(i + 2)).Sum();
        return Sum(ranking, cutoff, ideal, gain, rank => Math.Log2(rank + 1));
    }

    /// <summary>
    /// Σ gain(grade) / discount(rank) over the first ranks, divided by a norm; 0 where the norm is 0. Gain (of a grade above 0) and discount (of
    /// a rank, from 1) are 1 unless given. Being linear, its mean over the orders of a run is its value for the run's mean gain (McSherry and Najork, ECIR 2008).
    /// </summary>
    private static double Sum(JudgedRanking ranking, int depth, double norm, Func<int, double>? gain = null, Func<int, double>? discount = null)
    {
        var sum = 0.0;
        foreach (var (start, end) in ranking.Runs)
        {
            if (start >= depth) break;
            var gained = 0.0;
            for (var i = start; i < end; i++) gained += ranking.Documents[i].Grade is > 0 and var grade ? gain?.Invoke(grade) ?? 1 : 0;
            for (var i = start; gained > 0 && i < Math.Min(end, depth); i++) sum += gained / (end - start) / (discount?.Invoke(i + 1) ?? 1);
        }
        return norm > 0 ? sum / norm : 0;
    }

    /// <summary>In a run of n with r relevant a position is relevant with probability r/n, and an earlier one as well with (r−1)/(n−1).</summary>
    private static double AveragePrecision(JudgedRanking ranking)
    {
        var (sum, before) = (0.0, 0);
        foreach (var (start, end) in ranking.Runs)
        {
            var (n, r) = (end - start, ranking.RelevantIn(start, end));
            for (var i = start; r > 0 && i < end; i++)
                sum += (double)r / n * (before + 1 + (n > 1 ? (i - start) * (r - 1.0) / (n - 1) : 0)) / (i + 1);
            before += r;
        }
        return ranking.Relevant > 0 ? sum / ranking.Relevant : 0;
    }

    /// <summary>
    /// A value of the rank (from 1) of the first relevant document; 0 where none is retrieved. Only the first run that holds a relevant
    /// document matters: the first of its relevant ones is met as in drawing without replacement.
    /// </summary>
    private static double AtFirstHit(JudgedRanking ranking, Func<int, double> value)
    {
        var (start, end) = ranking.Runs.FirstOrDefault(run => ranking.RelevantIn(run.Start, run.End) > 0);
        var relevant = ranking.RelevantIn(start, end);
        double mean = 0, noneYet = 1;
        for (var i = start; relevant > 0 && i <= end - relevant; i++)
        {
            var hit = relevant / (double)(end - i);
            mean += noneYet * hit * value(i + 1);
            noneYet *= 1 - hit;
        }
        return mean;
    }
}

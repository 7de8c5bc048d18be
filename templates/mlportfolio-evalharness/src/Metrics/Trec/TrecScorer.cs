namespace PortfolioProject.Metrics;

/// <summary>What a run is worth under some measures.</summary>
/// <param name="Mean">Measure → mean over the queries that count.</param>
/// <param name="Queries">Query → measure → value, for the queries that count, in UTF-8 order.</param>
/// <param name="Empty">Of these, the ones without any result: they count as 0.</param>
/// <param name="Excluded">Judged queries without a relevant document: no measure means anything there.</param>
/// <param name="Unjudged">Topics of the run that nobody judged.</param>
/// <param name="Ties">How far ties decide; null unless asked for.</param>
public sealed record TrecScores(
    IReadOnlyDictionary<string, double> Mean, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Queries,
    IReadOnlyList<string> Empty, IReadOnlyList<string> Excluded, IReadOnlyList<string> Unjudged, TieReport? Ties);

/// <summary>
/// Scores a TREC run file against TREC judgements, one topic in memory at a time. Which queries count: every query with a judgement and
/// a relevant document, 0 where the run has nothing. Under <c>trecCompat</c> as in trec_eval: topics in both files, with R = 0 as 0.
/// Scores are compared as doubles, as trec_eval does since 9.0.8.
/// </summary>
public static class TrecScorer
{
    /// <summary>What stays of a ranking once it is scored, so that memory grows with queries and not with results.</summary>
    private sealed record Scored(int Retrieved, int Relevant, double[] Values, TieRange[]? Ties);

    /// <exception cref="UserError">A file is unreadable or malformed, or no query is left to average over.</exception>
    public static TrecScores Score(string runFile, string qrelsFile, IReadOnlyList<RankingMeasure> measures, bool trecCompat = false, bool ties = false)
    {
        var qrels = TrecQrels.Read(qrelsFile);
        var none = new Dictionary<string, int>();
        var scored = new Dictionary<string, Scored>(StringComparer.Ordinal);
        Scored Of(JudgedRanking r) => new(r.Documents.Count, r.Relevant, [.. measures.Select(m => m.Score(r))], ties ? [.. measures.Select(m => TieRange.Of(r, m))] : null);
        bool ScoreAll(bool grouped)
        {
            scored.Clear();
            foreach (var topic in TrecRun.Stream(runFile, grouped))
                if (topic is null) return false;
                else scored.Add(topic.Topic, Of(topic.Join(runFile, qrels.GetValueOrDefault(topic.Topic, none))));
            return true;
        }
        if (!ScoreAll(grouped: true)) ScoreAll(grouped: false);
        var judged = qrels.Where(q => trecCompat ? scored.ContainsKey(q.Key) : q.Value.Values.Any(g => g >= 0)).Select(q => q.Key).Order(Utf8Order.Comparer).ToList();
        foreach (var query in judged) scored.TryAdd(query, Of(JudgedRanking.Join([], qrels[query])));
        var counted = judged.Where(q => trecCompat || scored[q].Relevant > 0).ToList();
        if (counted.Count == 0)
            throw new UserError("no query is left to average over", trecCompat && qrels.Count > 0 ? runFile : qrelsFile, expected: trecCompat ? "a topic that is in the run and in the judgements" : "a query with a relevant document", got: "none");
        OrderedDictionary<string, double> Named(Func<int, double> value) => new(measures.Select((m, i) => KeyValuePair.Create(m.Name, value(i))));
        return new(
            Named(i => counted.Sum(q => scored[q].Values[i]) / counted.Count),
            new OrderedDictionary<string, IReadOnlyDictionary<string, double>>(counted.Select(q => KeyValuePair.Create<string, IReadOnlyDictionary<string, double>>(q, Named(i => scored[q].Values[i])))),
            [.. counted.Where(q => scored[q].Retrieved == 0)], [.. judged.Except(counted)], [.. scored.Keys.Where(t => !qrels.ContainsKey(t)).Order(Utf8Order.Comparer)],
            ties ? TieReport.Over([.. counted.Select(q => scored[q].Ties!)], measures) : null);
    }
}

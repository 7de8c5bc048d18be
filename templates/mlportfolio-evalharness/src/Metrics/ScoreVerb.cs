namespace PortfolioProject.Metrics;

/// <summary>The verb <c>score</c>: any TREC run against any TREC judgements, nothing else of this repository needed.</summary>
public static class ScoreVerb
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "TREC run file: topic Q0 document rank score tag.", Required = true };
        var qrels = new Option<string>("--qrels") { Description = "TREC judgements: topic iteration document grade.", Required = true };
        var metrics = new Option<string[]>("--metrics") { Description = $"Comma separated: {RankingMeasures.Names}.", DefaultValueFactory = _ => ["ndcg@10,map,mrr,recall@100"], AllowMultipleArgumentsPerToken = true };
        var perQuery = new Option<bool>("--per-query") { Description = "Also print every query." };
        var compat = new Option<bool>("--trec-compat") { Description = "Average as trec_eval does: over topics in both files, those without a relevant document as 0." };
        var ties = new Option<bool>("--ties") { Description = "Also say how far the order of tied documents decides the result." };
        var format = SharedVerbs.FormatOption();
        var command = new Command("score", "Scores a TREC run file. Example: score --run bm25.run --qrels qrels.txt --metrics ndcg@10,map --per-query") { run, qrels, metrics, perQuery, compat, ties, format };
        command.SetAction(parsed =>
        {
            var measures = parsed.GetValue(metrics)!.SelectMany(m => m.Split(',')).Select(RankingMeasures.Parse).DistinctBy(m => m.Name).ToList();
            var scores = TrecScorer.Score(parsed.GetValue(run)!, parsed.GetValue(qrels)!, measures, parsed.GetValue(compat), parsed.GetValue(ties));
            var json = parsed.GetValue(format) == "json";
            Console.Out.Write(json ? Json(scores, parsed.GetValue(perQuery)) : Table(scores, parsed.GetValue(perQuery)));
            (json ? Console.Error : Console.Out).Write(Notes(scores));
        });
        return command;
    }

    internal static string Json(TrecScores scores, bool perQuery) =>
        JsonSerializer.Serialize(new { mean = scores.Mean, queries = perQuery ? scores.Queries : null }, Relaxed) + "\n";

    internal static string Table(TrecScores scores, bool perQuery)
    {
        var rows = scores.Queries.Where(_ => perQuery).Append(KeyValuePair.Create("mean", scores.Mean)).ToList();
        var width = rows.Max(r => r.Key.Length);
        string Row(string name, Func<string, string> cell) => name.PadRight(width) + string.Concat(scores.Mean.Keys.Select(m => "  " + cell(m).PadLeft(Math.Max(6, m.Length)))) + "\n";
        return Row("", m => m) + string.Concat(rows.Select(r => Row(r.Key, m => r.Value[m].ToString("0.0000", CultureInfo.InvariantCulture))));
    }

    internal static string Notes(TrecScores scores)
    {
        static string Some(string what, IReadOnlyList<string> names) =>
            names.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{names.Count} {what}: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", …" : "")}\n");
        return string.Create(CultureInfo.InvariantCulture, $"{scores.Queries.Count} queries counted\n") + Some("of them without any result, scored 0", scores.Empty)
            + (scores.Empty.Count == scores.Queries.Count ? "warning: the run has no result for any judged query; are these its judgements?\n" : "")
            + Some("excluded, having no relevant document", scores.Excluded) + Some("topics of the run without judgements", scores.Unjudged)
            + (scores.Ties is not { } ties ? "" : string.Create(CultureInfo.InvariantCulture, $"another order of tied documents would change {ties.Changeable} of {scores.Queries.Count} queries\n")
                + string.Concat(ties.Means.Select(m => string.Create(CultureInfo.InvariantCulture, $"  {m.Key}: least {m.Value.Min:0.0000}, expected {m.Value.Expected:0.0000}, greatest {m.Value.Max:0.0000}\n"))));
    }
}

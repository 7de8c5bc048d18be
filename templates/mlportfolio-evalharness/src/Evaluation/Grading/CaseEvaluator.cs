namespace PortfolioProject.Evaluation;

/// <summary>Runs one question through one system and writes down everything that metrics, reports and galleries need.</summary>
public sealed class CaseEvaluator(Dataset dataset, UtilityConfig utility)
{
    private const int RetrievedShown = 10;

    public (CaseRecord Case, TimingRecord Timing) Evaluate(SystemUnderTest system, Question question)
    {
        var first = system.Run(question.Text);
        return Repeats.Reduce([.. Enumerable.Range(0, system.Config.Repeats ?? 1).Select(r => Record(system, question, r == 0 ? first : system.Repeat(question.Text, first, r)))]);
    }

    private (CaseRecord Case, TimingRecord Timing) Record(SystemUnderTest system, Question question, Trace trace)
    {
        var outcome = OutcomeOf(question, trace);
        var unscored = outcome == Outcome.Unscored ? "the question has no gold answer" : trace.Reading.Call?.Failure;
        var documents = DocumentRanking(system, trace);
        var stage = system.Config.Retrieves ? Attribution.Of(question, system, trace, outcome, dataset.Corpus) : null;
        var record = new CaseRecord
        {
            Case = question.Id,
            Variant = system.Config.Name,
            Cluster = question.ResamplingUnit,
            Tags = Tags(question),
            Outcome = outcome.ToString(),
            Values = Values(system, question, trace, outcome, documents),
            Unscored = unscored is null ? null : new Dictionary<string, string> { ["accuracy"] = unscored, ["utility"] = unscored },
            Detail = Detail(question, trace, documents, stage),
        };
        return (record, TimingOf(record, trace.Milliseconds, trace.Reading.Call));
    }

    /// <summary>A call that failed, a reply without form, or what the answer is worth.</summary>
    public static Outcome OutcomeOf(Question question, Trace trace) =>
        trace.Reading.Call is { Failure: not null } ? Outcome.InfraError : trace.Reading.Call is { Problem: not null } ? Outcome.InvalidReply : Grader.Grade(question, trace.Answer);

    public static TimingRecord TimingOf(CaseRecord record, IReadOnlyDictionary<string, double> milliseconds, ModelCall? call = null) => new()
    {
        Case = record.Case,
        Variant = record.Variant,
        Milliseconds = milliseconds,
        InputTokens = call?.InputTokens ?? 0,
        CachedTokens = call?.CachedTokens ?? 0,
        OutputTokens = call?.OutputTokens ?? 0,
        Retries = call?.Retries ?? 0,
        Detail = call?.Usage is { } usage ? new JsonObject { ["calls"] = new JsonArray(usage) } : null,
    };

    /// <summary>Documents by their best chunk, best first.</summary>
    public static IReadOnlyList<(string Id, double Score, string Chunk)> DocumentRanking(SystemUnderTest system, Trace trace) =>
        [.. trace.Ranking.Select(s => (Chunk: system.Chunks[s.Index], s.Score)).DistinctBy(x => x.Chunk.DocumentId, StringComparer.Ordinal).Select(x => (x.Chunk.DocumentId, x.Score, x.Chunk.Id))];

    private static Dictionary<string, string> Tags(Question q) => new()
    {
        ["split"] = q.Split!,
        ["type"] = q.Type,
        ["answerable"] = q.Answerable ? "yes" : "no",
        ["difficulty"] = q.Difficulty,
        ["length"] = q.Length,
        ["cluster"] = q.Cluster ?? "none",
    };

    /// <summary>A value for each metric that applies.</summary>
    private Dictionary<string, double> Values(SystemUnderTest system, Question question, Trace trace, Outcome outcome, IReadOnlyList<(string Id, double Score, string Chunk)> documents)
    {
        var (answer, retrieves, gold) = (trace.Answer, system.Config.Retrieves, Gold(question));
        var (scored, reached) = (Grader.IsScored(outcome), outcome != Outcome.InfraError);
        var golds = reached && question.Answerable ? question.Answers : null;
        IReadOnlyList<Chunk> cited = answer is null ? [] : trace.Cited;
        (string Name, double? Value)[] values =
        [
            ("utility", scored ? utility.Of(outcome) : null),
            ("accuracy", scored ? Number(Grader.IsRight(outcome)) : null),
            // Where a model is asked, this would pay every call twice: not measured.
            ("oracle-retrieval", scored && trace.Reading.Call is null ? Number(Grader.IsRight(Attribution.WithOracleRetrieval(question, system, outcome))) : null),
            ("oracle-reading", scored && retrieves ? Number(Grader.IsRight(Attribution.WithOracleReading(question, trace, outcome))) : null),
            ("hallucination", reached && !question.Answerable ? Number(answer is not null) : null),
            ("over-abstention", reached && question.Answerable ? Number(answer is null) : null),
            ("em", golds is null ? null : Number(answer is not null && AnswerMetrics.ExactMatch(answer, golds))),
            ("f1", golds is null ? null : answer is null ? 0 : AnswerMetrics.F1(answer, golds)),
            ("answer-contained", golds is null ? null : Number(answer is not null && AnswerMetrics.Contains(answer, golds))),
            ("quote-faithfulness", cited.Count == 0 ? null : SpanMetrics.QuoteFaithfulness([answer!], [.. cited.Select(c => c.Text)])),
            ("citation-precision", gold.Count == 0 ? null : SpanMetrics.CitationPrecision([.. cited.Select(Span)], gold)),
            .. retrieves ? RetrievalValues(question, system, trace, documents, gold) : [],
        ];
        return values.Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!.Value);
    }

    private IEnumerable<(string Name, double? Value)> RetrievalValues(
        Question question, SystemUnderTest system, Trace trace, IReadOnlyList<(string Id, double Score, string Chunk)> documents, IReadOnlyList<DocumentSpan> gold)
    {
        yield return ("context-characters", trace.Context.Sum(p => p.Chunk.Text.Length));
        if (dataset.Qrels.TryGetValue(question.Id, out var qrels) && qrels.Values.Any(g => g > 0))
        {
            var ranking = JudgedRanking.Join([.. documents.Select(d => (d.Id, d.Score))], qrels);
            foreach (var measure in HarnessMetrics.Ranking) yield return (measure.Name, measure.Score(ranking));
        }
        if (gold.Count == 0) yield break;
        var (recall, precision) = SpanMetrics.Overlap(gold, trace.Context.Select(p => Span(p.Chunk)));
        yield return ("context-recall", recall);
        yield return ("context-precision", precision);
        var passages = SpanMetrics.Project(gold, gold.Select(s => s.Document).Distinct().SelectMany(system.Chunking.Of).Select(c => (c.Id, Span(c))));
        yield return ("passage-ndcg@10", HarnessMetrics.Ranking[0].Score(JudgedRanking.Join([.. trace.Ranking.Select(s => (system.Chunks[s.Index].Id, s.Score))], passages)));
    }

    private static JsonObject Detail(Question question, Trace trace, IReadOnlyList<(string Id, double Score, string Chunk)> documents, FailureStage? stage) => new()
    {
        ["question"] = question.Text,
        ["golds"] = question.Answers is null ? null : new JsonArray([.. question.Answers.Select(a => JsonValue.Create(a))]),
        ["answer"] = trace.Answer,
        ["confidence"] = Math.Round(trace.Reading.Confidence, 6),
        ["ungated"] = Grader.Grade(question, trace.Reading.Answer).ToString(),
        ["stage"] = stage?.ToString(),
        ["call"] = trace.Reading.Call?.Failure ?? trace.Reading.Call?.Problem,
        ["cited"] = trace.Answer is null ? null : trace.Cited.FirstOrDefault()?.Id,
        ["retrieved"] = new JsonArray([.. documents.Take(RetrievedShown).Select(d => (JsonNode)new JsonObject { ["chunk"] = d.Chunk, ["score"] = d.Score })]),
    };

    internal static IReadOnlyList<DocumentSpan> Gold(Question q) => [.. q.Spans.Select(s => new DocumentSpan(s.Document, s.Start, s.End))];

    internal static DocumentSpan Span(Chunk c) => new(c.DocumentId, c.Start, c.End);

    private static double Number(bool value) => value ? 1 : 0;
}

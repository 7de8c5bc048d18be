namespace PortfolioProject.Evaluation;

/// <summary>The first stage of the pipeline at which a failed case went wrong.</summary>
public enum FailureStage
{
    /// <summary>No document holds any of the gold answers.</summary>
    NotInCorpus,

    /// <summary>The evidence is not among the retrieved chunks, however deep one looks.</summary>
    NotRetrieved,

    /// <summary>The evidence was retrieved, but ranked below what fitted the context.</summary>
    BelowCut,

    /// <summary>The evidence was in the context; the reader looked elsewhere.</summary>
    InContextUnused,

    /// <summary>The reader was at the evidence and took the wrong words.</summary>
    MisExtracted,

    /// <summary>The answer holds a gold answer, with too much or too little around it.</summary>
    WrongFormat,

    /// <summary>The reader had the right answer and abstained, or answered what the corpus does not.</summary>
    WrongAbstention,
}

/// <summary>
/// Says where a case failed by changing one thing at a time and running it again: a deeper cut, a reader that may not abstain, the
/// evidence as the whole context.
/// </summary>
public static class Attribution
{
    /// <summary>A span counts as covered when at least half of its characters are.</summary>
    private const double Covered = 0.5;

    public static FailureStage? Of(Question question, SystemUnderTest system, Trace trace, Outcome outcome, Corpus corpus)
    {
        if (outcome == Outcome.Hallucination) return FailureStage.WrongAbstention;
        if (outcome is not (Outcome.Incorrect or Outcome.Partial or Outcome.OverAbstention)) return null;
        if (question.Spans.Count == 0)
            return question.Answers is { } golds && !golds.Any(g => corpus.Documents.Any(d => d.Text.Contains(g, StringComparison.OrdinalIgnoreCase))) ? FailureStage.NotInCorpus : null;
        if (!Covers(question, trace.Ranking.Select(s => system.Chunks[s.Index]))) return FailureStage.NotRetrieved;
        if (!Covers(question, trace.Context.Select(p => p.Chunk))) return FailureStage.BelowCut;
        var forced = Grader.Grade(question, trace.Reading.Answer);
        if (forced == Outcome.Correct) return FailureStage.WrongAbstention;
        var reading = trace.Reading;
        if (reading.Answer is null || !question.Spans.Any(s => s.Document == reading.DocumentId && s.Start < reading.End && reading.Start < s.End)) return FailureStage.InContextUnused;
        return forced == Outcome.Partial || AnswerMetrics.Contains(reading.Answer, question.Answers ?? []) ? FailureStage.WrongFormat : FailureStage.MisExtracted;
    }

    /// <summary>The outcome if retrieval had been perfect: the reader sees the chunks that hold the evidence. Unchanged where there is none.</summary>
    public static Outcome WithOracleRetrieval(Question question, SystemUnderTest system, Outcome actual)
    {
        if (question.Spans.Count == 0) return actual;
        var evidence = question.Spans.Select(s => s.Document).Distinct().SelectMany(system.Chunking.Of)
            .Where(c => question.Spans.Any(s => s.Document == c.DocumentId && s.Start < c.End && c.Start < s.End));
        return Grader.Grade(question, system.AnswerFrom(question.Text, evidence));
    }

    /// <summary>The outcome if reading had been perfect: right wherever the context holds the evidence, an abstention wherever it does not.</summary>
    public static Outcome WithOracleReading(Question question, Trace trace, Outcome actual) =>
        !question.Answerable ? Outcome.CorrectAbstention
        : question.Spans.Count == 0 ? actual
        : Covers(question, trace.Context.Select(p => p.Chunk)) ? Outcome.Correct : Outcome.OverAbstention;

    private static bool Covers(Question question, IEnumerable<Chunk> chunks)
    {
        var places = chunks.Select(CaseEvaluator.Span).ToList();
        return CaseEvaluator.Gold(question).All(span => SpanMetrics.Overlap([span], places).Recall >= Covered);
    }
}

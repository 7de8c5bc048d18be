namespace PortfolioProject.Evaluation;

/// <summary>
/// Every metric of a run: its name, denominator and definition in one place. The value of a metric is the mean over the cases that have
/// it; <c>explain</c> prints what stands here.
/// </summary>
public static class HarnessMetrics
{
    private const string All = "all scored questions";
    private const string Judged = "questions with a relevant document";
    private const string Anchored = "questions with gold spans";
    private const string Answerable = "answerable questions (HasAns)";
    private const string Unanswerable = "unanswerable questions (NoAns)";

    public static IReadOnlyList<IRankingMeasure> Ranking { get; } =
        [RankingMeasures.Parse("ndcg@10"), RankingMeasures.Parse("mrr@10"), RankingMeasures.Parse("recall@10")];

    /// <summary>What the main run measures.</summary>
    public static IReadOnlyList<MetricDefinition> Main { get; } =
    [
        new("utility", "Utility", "points", Direction.Higher, All, "Mean worth of the outcomes, with the worth of each in configs/run.yaml.") { Headline = true },
        new("accuracy", "Accuracy", "share", Direction.Higher, All, "Share of outcomes Correct or CorrectAbstention.") { Headline = true },
        new("em", "Exact match", "share", Direction.Higher, Answerable, "1 when the answer equals a gold answer after SQuAD normalisation, which deletes decimal points; whether a number is right decides the outcome, not this. An abstention is 0.") { Headline = true },
        new("f1", "Token F1", "share", Direction.Higher, Answerable, "Token overlap with the best gold answer: F1 of multisets after SQuAD normalisation; an abstention is 0.") { Headline = true },
        new("answer-contained", "Answer contained", "share", Direction.Higher, Answerable, "1 when a gold answer stands somewhere in the answer. Long answers win it for nothing: kept to show that."),
        new("over-abstention", "Over-abstention", "share", Direction.Lower, Answerable, "Share of answerable questions that the system declined (false negatives)."),
        new("hallucination", "Hallucination", "share", Direction.Lower, Unanswerable, "Share of unanswerable questions that the system answered (false positives).") { Headline = true },
        .. Ranking.Select((m, i) => new MetricDefinition(m.Name, m.Name, "share", Direction.Higher, Judged, m.Definition + " Documents are ranked by their best chunk.") { Headline = i == 0 }),
        new("passage-ndcg@10", "Passage nDCG@10", "share", Direction.Higher, Anchored, "nDCG@10 over chunks, graded by how much of the gold evidence each holds. Comparable only between systems of one chunking."),
        new("context-recall", "Context recall", "share", Direction.Higher, Anchored, "|G ∩ C| / |G|: characters of gold evidence that stand in the reader's context, unions on both sides.") { Headline = true },
        new("context-precision", "Context precision", "share", Direction.Higher, Anchored, "|G ∩ C| / |C|: share of the context that is gold evidence."),
        new("citation-precision", "Citation precision", "share", Direction.Higher, "answered questions with gold spans", "Share of cited passages that overlap gold evidence."),
        new("quote-faithfulness", "Quoted-span faithfulness", "share", Direction.Higher, "answered questions", "1 when the answer's words stand in the passage that it cites."),
        new("oracle-retrieval", "Accuracy, perfect retrieval", "share", Direction.None, All, "Accuracy when the reader is given exactly the chunks that hold the evidence: what better retrieval could bring."),
        new("oracle-reading", "Accuracy, perfect reading", "share", Direction.None, All, "Accuracy when every answer whose evidence is in the context is right and all else is declined: what a better reader could bring."),
        new("context-characters", "Context size", "characters", Direction.None, All, "Characters that the reader saw: the cost driver of a paid model."),
    ];
}

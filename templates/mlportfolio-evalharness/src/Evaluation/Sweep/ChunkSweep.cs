namespace PortfolioProject.Evaluation;

/// <summary>
/// Compares chunkings under BM25 by the recall of gold characters against the number of characters retrieved. At equal k a larger chunk
/// wins by being larger; at an equal budget it has to be better. This is one chunking: a case a question.
/// </summary>
/// <param name="Facts">What is the same every time.</param>
/// <param name="Resources">What is measured.</param>
public sealed record ChunkSweep(string Name, IEnumerable<Asking> Cases, JsonObject Facts, JsonObject Resources)
{
    public const string Kind = "sweep";

    public static IReadOnlyList<MetricDefinition> Definitions(IEnumerable<int> budgets) =>
    [
        .. budgets.Select(b => new MetricDefinition(Recall(b), $"Recall at {b}", "share", Direction.Higher, "questions with gold spans",
            $"Share of gold characters among the first {b} retrieved characters, interpolated between whole chunks.") { Headline = true }),
        new("split-evidence", "Split evidence", "share", Direction.Lower, "questions with gold spans", "Share of questions with a gold span that no single chunk holds whole."),
    ];

    public static string Recall(int budget) => string.Create(CultureInfo.InvariantCulture, $"recall@{budget}chars");

    public static ChunkSweep Of(ChunkerConfig chunker, RunConfig config, Dataset dataset, SystemBuilder systems)
    {
        var begin = Stopwatch.GetTimestamp();
        var chunking = systems.Chunk(chunker);
        var index = systems.Retriever(chunker, new RetrieverConfig { Type = RetrieverType.Bm25 });
        var build = Stopwatch.GetElapsedTime(begin);
        (CaseRecord Case, TimingRecord Timing) Evaluate(Question question)
        {
            var started = Stopwatch.GetTimestamp();
            var ranking = index.Search(question.Text, config.RetrievalDepth);
            var elapsed = Stopwatch.GetElapsedTime(started);
            var recall = RecallAt(config.Sweep.Budgets, question, ranking.Select(s => chunking.Chunks[s.Index]));
            var values = config.Sweep.Budgets.Zip(recall).ToDictionary(x => Recall(x.First), x => x.Second);
            values["split-evidence"] = question.Spans.All(s => chunking.Of(s.Document).Any(c => c.Start <= s.Start && s.End <= c.End)) ? 0 : 1;
            var record = new CaseRecord
            {
                Case = question.Id,
                Variant = chunker.Name,
                Cluster = question.ResamplingUnit,
                Tags = new Dictionary<string, string> { ["split"] = "test", ["type"] = question.Type },
                Outcome = "Measured",
                Values = values,
            };
            return (record, CaseEvaluator.TimingOf(record, new Dictionary<string, double> { ["query"] = elapsed.TotalMilliseconds }));
        }
        return new(chunker.Name, dataset.Questions.Where(q => q.Split == "test" && q.Spans.Count > 0).Select(q => new Asking(chunker.Name, q.Id, () => Evaluate(q))),
            new JsonObject { ["chunks"] = chunking.Chunks.Count, ["characters"] = chunking.Chunks.Sum(c => (long)c.Text.Length), ["index_bytes"] = index.IndexBytes },
            new JsonObject { ["build_milliseconds"] = build.TotalMilliseconds });
    }

    /// <summary>Recall at each budget: linear between the points (characters so far, recall so far) that whole chunks give.</summary>
    private static IEnumerable<double> RecallAt(IReadOnlyList<int> budgets, Question question, IEnumerable<Chunk> ranking)
    {
        var gold = CaseEvaluator.Gold(question);
        var found = new List<DocumentSpan>();
        var curve = new List<(double Characters, double Recall)> { (0, 0) };
        foreach (var chunk in ranking)
        {
            found.Add(CaseEvaluator.Span(chunk));
            curve.Add((curve[^1].Characters + chunk.Text.Length, SpanMetrics.Overlap(gold, found).Recall));
            if (curve[^1].Characters >= budgets.Max()) break;
        }
        return budgets.Select(budget =>
        {
            var after = curve.FindIndex(p => p.Characters >= budget);
            if (after < 0) return curve[^1].Recall;
            var (from, to) = (curve[after - 1], curve[after]);
            return from.Recall + ((to.Recall - from.Recall) * (budget - from.Characters) / (to.Characters - from.Characters));
        });
    }
}

namespace PortfolioProject.Evaluation;

/// <summary>
/// Compares chunkings under BM25 by the recall of gold characters against the number of characters retrieved. At equal k a larger chunk
/// wins by being larger; at an equal budget it has to be better.
/// </summary>
public sealed class ChunkSweep(SweepConfig config, Dataset dataset, SystemBuilder systems, int depth)
{
    public const string Kind = "sweep";
    private readonly IReadOnlyList<Question> _questions = [.. dataset.Questions.Where(q => q.Split == "test" && q.Spans.Count > 0)];

    public int Cases => _questions.Count * config.Chunkers.Count;

    public static IReadOnlyList<MetricDefinition> Definitions(IEnumerable<int> budgets) =>
    [
        .. budgets.Select(b => new MetricDefinition(Recall(b), $"Recall at {b}", "share", Direction.Higher, "questions with gold spans",
            $"Share of gold characters among the first {b} retrieved characters, interpolated between whole chunks.") { Headline = true }),
        new("split-evidence", "Split evidence", "share", Direction.Lower, "questions with gold spans", "Share of questions with a gold span that no single chunk holds whole."),
    ];

    public static string Recall(int budget) => string.Create(CultureInfo.InvariantCulture, $"recall@{budget}chars");

    /// <summary>Evaluates one chunking: a case a question. Facts hold what is the same every time, resources what is measured.</summary>
    public (JsonObject Facts, JsonObject Resources) Evaluate(ChunkerConfig chunker, ISet<string> done, Action<CaseRecord, TimingRecord> add)
    {
        var begin = Stopwatch.GetTimestamp();
        var chunking = systems.Chunk(chunker);
        var chunks = chunking.Chunks;
        var index = systems.Retriever(chunker, new RetrieverConfig { Type = RetrieverType.Bm25 });
        var build = Stopwatch.GetElapsedTime(begin);
        foreach (var question in _questions.Where(q => !done.Contains(q.Id)))
        {
            var started = Stopwatch.GetTimestamp();
            var ranking = index.Search(question.Text, depth);
            var elapsed = Stopwatch.GetElapsedTime(started);
            var values = config.Budgets.Zip(RecallAt(question, ranking.Select(s => chunks[s.Index])), (b, r) => (Recall(b), r)).ToDictionary(x => x.Item1, x => x.r);
            values["split-evidence"] = question.Spans.All(s => chunking.Of(s.Document).Any(c => c.Start <= s.Start && s.End <= c.End)) ? 0 : 1;
            add(new CaseRecord
            {
                Case = question.Id,
                Variant = chunker.Name,
                Cluster = question.ResamplingUnit,
                Tags = new Dictionary<string, string> { ["split"] = "test", ["type"] = question.Type },
                Outcome = "Measured",
                Values = values,
            }, new TimingRecord { Case = question.Id, Variant = chunker.Name, Milliseconds = new Dictionary<string, double> { ["query"] = elapsed.TotalMilliseconds } });
        }
        return (new JsonObject { ["chunks"] = chunks.Count, ["characters"] = chunks.Sum(c => (long)c.Text.Length), ["index_bytes"] = index.IndexBytes },
            new JsonObject { ["build_milliseconds"] = build.TotalMilliseconds });
    }

    /// <summary>Recall at each budget: linear between the points (characters so far, recall so far) that whole chunks give.</summary>
    private IEnumerable<double> RecallAt(Question question, IEnumerable<Chunk> ranking)
    {
        var gold = CaseEvaluator.Gold(question);
        var found = new List<DocumentSpan>();
        var curve = new List<(double Characters, double Recall)> { (0, 0) };
        foreach (var chunk in ranking)
        {
            found.Add(CaseEvaluator.Span(chunk));
            curve.Add((curve[^1].Characters + chunk.Text.Length, SpanMetrics.Overlap(gold, found).Recall));
            if (curve[^1].Characters >= config.Budgets.Max()) break;
        }
        return config.Budgets.Select(budget =>
        {
            var after = curve.FindIndex(p => p.Characters >= budget);
            if (after < 0) return curve[^1].Recall;
            var (from, to) = (curve[after - 1], curve[after]);
            return from.Recall + ((to.Recall - from.Recall) * (budget - from.Characters) / (to.Characters - from.Characters));
        });
    }
}

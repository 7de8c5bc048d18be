namespace PortfolioProject.Evaluation;

/// <summary>
/// Looks for the ways an evaluation set lies: leaks between splits, answers given away, judgements that do not join or run backwards,
/// slices too small to read, unanswerable questions that the corpus answers after all.
/// </summary>
public sealed class EvalSetLinter(Dataset dataset, long seed, int depth)
{
    private const double NearDuplicate = 0.8, PlausibleJoin = 0.5;
    private const int CopiedRun = 8, SmallSlice = 10;

    /// <summary>The reader's confidence when a sentence holds every term of a question, a few other words among them.</summary>
    private const double NearlyFullCoverage = 0.9;
    private readonly Dictionary<string, string[]> _tokens = dataset.Questions.ToDictionary(q => q.Id, q => Tokenizer.Tokenize(q.Text).ToArray(), StringComparer.Ordinal);

    /// <summary>The rules by name, in the order in which they are reported.</summary>
    public IReadOnlyList<(string Rule, Func<IEnumerable<Finding>> Apply)> Rules =>
    [
        ("near-duplicates across dev and test", NearDuplicates),
        ("answer leaked in the question", LeakedAnswers),
        ("question copied from its passage", CopiedQuestions),
        ("golds that normalise to nothing", EmptyGolds),
        ("judgements that do not join", ImplausibleJoins),
        ("inverted grades", InvertedGrades),
        ("tiny slices", TinySlices),
        ("unanswerable questions that retrieval answers", AnsweredUnanswerables),
    ];

    public IReadOnlyList<Finding> Lint() => [.. Rules.SelectMany(r => r.Apply())];

    private Finding Of(Severity severity, Question q, string message) => new(severity, $"{dataset.Path}/questions.jsonl {q.Id}", message);

    private IEnumerable<Finding> NearDuplicates()
    {
        var sets = _tokens.ToDictionary(t => t.Key, t => t.Value.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var byToken = dataset.Questions.Where(q => q.Split == "dev").SelectMany(q => sets[q.Id].Select(t => (t, q))).ToLookup(x => x.t, x => x.q, StringComparer.Ordinal);
        return from test in dataset.Questions
               where test.Split == "test"
               from dev in sets[test.Id].SelectMany(t => byToken[t]).CountBy(q => q)
               let overlap = (double)dev.Value / (sets[test.Id].Count + sets[dev.Key.Id].Count - dev.Value)
               where overlap >= NearDuplicate
               select Of(Severity.Error, test, $"near-duplicate of dev question {dev.Key.Id} (token overlap {overlap:0.00}): tuning has seen it");
    }

    private IEnumerable<Finding> LeakedAnswers() =>
        from q in dataset.Questions
        let leaked = q.Answers?.FirstOrDefault(a => AnswerMetrics.Normalize(a).Length > 3 && AnswerMetrics.Contains(q.Text, [a]))
        where leaked is not null
        select Of(Severity.Warning, q, $"the question holds its answer \"{leaked}\"");

    private IEnumerable<Finding> CopiedQuestions() =>
        from about in dataset.Questions.SelectMany(q => q.Spans.Select(s => (s.Document, Question: q)).Distinct()).GroupBy(x => x.Document, x => x.Question, StringComparer.Ordinal)
        let text = $" {string.Join(' ', Tokenizer.Tokenize(dataset.Corpus.Find(about.Key)!.Text))} "
        from q in about
        let words = _tokens[q.Id]
        let copied = Enumerable.Range(0, Math.Max(0, words.Length - CopiedRun + 1)).Select(i => string.Join(' ', words[i..(i + CopiedRun)])).FirstOrDefault(r => text.Contains($" {r} ", StringComparison.Ordinal))
        where copied is not null
        select Of(Severity.Warning, q, $"{CopiedRun} words in a row stand in {about.Key}: \"{copied}\"; lexical retrieval gets it for nothing");

    private IEnumerable<Finding> EmptyGolds() =>
        from q in dataset.Questions
        from gold in AnswerMetrics.Dropped(q.Answers ?? [])
        select Of(Severity.Error, q, $"gold answer \"{gold}\" normalises to nothing and can never be matched");

    private IEnumerable<Finding> ImplausibleJoins()
    {
        var ids = dataset.Questions.Select(q => q.Id).ToHashSet(StringComparer.Ordinal);
        var judged = dataset.Qrels.Values.SelectMany(g => g.Keys).Distinct(StringComparer.Ordinal).ToList();
        (string What, int Known, int All)[] joins =
            [("judged questions are in questions.jsonl", dataset.Qrels.Keys.Count(ids.Contains), dataset.Qrels.Count), ("judged documents are in the corpus", judged.Count(d => dataset.Corpus.Find(d) is not null), judged.Count)];
        return joins.Where(j => j.Known < j.All)
            .Select(j => new Finding(j.Known < PlausibleJoin * j.All ? Severity.Error : Severity.Warning, dataset.Path, $"only {j.Known} of {j.All} {j.What}: are the ids of one kind?"));
    }

    /// <summary>Under BM25 over whole documents, a higher grade should score higher than a lower one of the same question more often than not.</summary>
    private IEnumerable<Finding> InvertedGrades()
    {
        var graded = dataset.Questions.Where(q => dataset.Qrels.TryGetValue(q.Id, out var g) && g.Values.Distinct().Count() > 1).ToList();
        if (graded.Count == 0) yield break;
        var index = new Bm25Index([.. dataset.Corpus.Documents.Select(d => new Chunk(d.Id, d.Id, 0, 0, d.Text.Length, d.Text))]);
        var inverted = (from q in graded
                        let score = index.Search(q.Text, dataset.Corpus.Documents.Count).ToDictionary(s => dataset.Corpus.Documents[s.Index].Id, s => s.Score, StringComparer.Ordinal)
                        from high in dataset.Qrels[q.Id]
                        from low in dataset.Qrels[q.Id]
                        let lead = score.GetValueOrDefault(high.Key) - score.GetValueOrDefault(low.Key)
                        where high.Value > low.Value && lead != 0
                        select lead < 0).ToList();
        if (inverted.Count(i => i) is var discordant && discordant > inverted.Count / 2.0)
            yield return new Finding(Severity.Error, dataset.Path, $"documents of a higher grade score lower under BM25 in {discordant} of {inverted.Count} pairs: is the scale inverted?");
    }

    private IEnumerable<Finding> TinySlices() =>
        from dimension in new (string Name, Func<Question, string> Of)[] { ("type", q => q.Type), ("difficulty", q => q.Difficulty), ("length", q => q.Length) }
        from slice in dataset.Questions.Where(q => q.Split == "test").CountBy(dimension.Of)
        where slice.Value < SmallSlice
        select new Finding(Severity.Info, dataset.Path, $"slice {dimension.Name}={slice.Key} has {slice.Value} test questions: too few to read");

    private IEnumerable<Finding> AnsweredUnanswerables()
    {
        var open = dataset.Questions.Where(q => !q.Answerable).ToList();
        if (open.Count == 0) yield break;
        var system = new SystemBuilder(dataset.Corpus, seed, depth).Build(new SystemConfig
        {
            Name = "lint",
            About = "what plain retrieval and reading find",
            Chunker = new() { Type = ChunkerType.Sentence, Size = 600 },
            Retriever = new() { Type = RetrieverType.Bm25 },
            Reader = new() { Type = ReaderType.Extractive },
        });
        foreach (var q in open)
            if (system.Run(q.Text).Reading is { Answer: { } answer, Confidence: >= NearlyFullCoverage })
                yield return Of(Severity.Warning, q, $"marked unanswerable, but one sentence holds nearly all of it: \"{answer.ReplaceLineEndings(" ")}\"");
    }
}

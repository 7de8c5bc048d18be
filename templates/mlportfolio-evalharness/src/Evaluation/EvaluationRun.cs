namespace PortfolioProject.Evaluation;

/// <summary>A part of the questions: every <paramref name="Count"/>-th, beginning with number <paramref name="Index"/> (from 1).</summary>
public sealed record Shard(int Index, int Count)
{
    public bool Holds(int position) => position % Count == Index - 1;

    public override string ToString() => $"{Index}/{Count}";

    public static Shard Parse(string text) =>
        text.Split('/') is [var i, var n] && int.TryParse(i, out var index) && int.TryParse(n, out var count) && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new UserError("not a shard", field: "--shard", expected: "i/n with 1 ≤ i ≤ n, for example 1/4", got: text);
}

/// <summary>A case still to be made.</summary>
public sealed record Asking(string Variant, string Case, Func<(CaseRecord Case, TimingRecord Timing)> Ask)
{
    /// <summary>Makes the cases that a run does not hold yet, shared by threads; each is written as it finishes.</summary>
    public static void All(RunWriter writer, IEnumerable<Asking> cases, int threads, Action<double> progress, CancellationToken cancel)
    {
        var (work, finished) = (cases.Where(w => !writer.Done.Contains((w.Variant, w.Case))).ToList(), 0);
        Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, item =>
        {
            var (record, timing) = item.Ask();
            writer.Add(record, timing);
            progress((double)Interlocked.Increment(ref finished) / work.Count);
        });
    }
}

/// <summary>Asks every system every question. Thresholds are tuned on dev first.</summary>
public sealed class EvaluationRun(string root, RunConfig config, IReadOnlyList<SystemConfig> systems, Dataset data, IChatSystems? chat = null)
{
    public const string Kind = "main";
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly SystemBuilder _builder = new(data.Corpus, config.Seed, config.RetrievalDepth, chat);

    private readonly string _baseline = systems.Any(s => s.Name == config.Baseline) ? config.Baseline
        : throw new UserError("the baseline is not among the systems", "configs/run.yaml", field: "baseline", expected: string.Join(", ", systems.Select(s => s.Name)), got: config.Baseline);

    /// <summary>System → why it cannot be measured here.</summary>
    private readonly Dictionary<string, string> _notMeasured = systems.Where(s => s.Asks).Select(s => (s.Name, Why: chat is null ? "no models here" : chat.WhyNot(s)))
        .Where(s => s.Why is not null).ToDictionary(s => s.Name, s => s.Why!);

    private IEnumerable<SystemConfig> Measured => systems.Where(s => !_notMeasured.ContainsKey(s.Name));

    private int Threads => Math.Max(config.Threads == 0 ? Environment.ProcessorCount : config.Threads, Measured.Any(s => s.Asks) ? chat!.Parallel : 1);

    /// <param name="progress">Told what is being done and which share of it is finished.</param>
    public Run Execute(string command, Shard? shard, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        using var writer = Open(Kind, command, shard, resume);
        var prepared = Prepare(progress, cancel);
        var evaluator = new CaseEvaluator(data, config.Utility);
        var questions = data.Questions.Where((_, position) => shard?.Holds(position) ?? true);
        return AskAll(writer, prepared, prepared.SelectMany(s => questions.Select(q => new Asking(s.Config.Name, q.Id, () => evaluator.Evaluate(s, q)))), progress, cancel);
    }

    /// <summary>The chunk sweep, as a run of its own kind: its variants are chunkings.</summary>
    public Run ExecuteSweep(string command, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        using var writer = Open(ChunkSweep.Kind, command, null, resume);
        var chunkings = config.Sweep.Chunkers.Select(c => ChunkSweep.Of(c, config, data, _builder)).ToList();
        Asking.All(writer, chunkings.SelectMany(c => c.Cases), Threads, share => progress("sweeping chunkings", share), cancel);
        JsonObject ByName(Func<ChunkSweep, JsonNode?> of) => new(chunkings.Select(c => KeyValuePair.Create(c.Name, of(c))));
        return writer.Finish(_ => writer.Manifest with { Facts = ByName(c => c.Facts), Resources = ByName(c => c.Resources) }, HarnessPortfolio.Measure);
    }

    /// <summary>The poisoned passages, as a run of its own kind: every system as the main run has it, thresholds included, over the corpus with the passages in it; none over HTTP, which has a corpus of its own.</summary>
    public Run ExecutePoison(string command, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        var suite = PoisonSuite.Load(root, data);
        using var writer = Open(PoisonSuite.Kind, command, null, resume, suite.Files);
        var builder = new SystemBuilder(suite.Corpus, config.Seed, config.RetrievalDepth, chat);
        var prepared = Prepare((_, _) => { }, cancel).Where(s => s.Config.Reader.Type != ReaderType.Http).Select(s => builder.Build(s.Config) with { Threshold = s.Threshold }).ToList();
        var attacks = prepared.SelectMany(s => suite.Attacks.Select(a => new Asking(s.Config.Name, a.Passage.Document, () => PoisonSuite.Attack(s, a.Passage, a.Question))));
        return AskAll(writer, prepared, attacks, progress, cancel);
    }

    /// <summary>The systems as the run has them: indexes built, thresholds tuned.</summary>
    public IReadOnlyList<SystemUnderTest> Prepare(Action<string, double> progress, CancellationToken cancel)
    {
        var dev = data.Questions.Where(q => q.Split == "dev" && (q.Answers is not null || !q.Answerable)).ToList();
        var measured = Measured.ToList();
        return [.. measured.Select((c, i) =>
        {
            progress("building indexes and tuning thresholds on dev", (double)i / measured.Count);
            var system = _builder.Build(c);
            return c.Reader.Threshold == "auto" ? system with { Threshold = ThresholdTuner.Tune(Readings(system, dev, cancel)) } : system;
        })];
    }

    private (double Confidence, double Answering, double Abstaining)[] Readings(SystemUnderTest system, IReadOnlyList<Question> questions, CancellationToken cancel) =>
        [.. questions.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(Threads, 512)).WithCancellation(cancel).Select(q =>
        {
            var reading = system.Run(q.Text).Reading;
            return (reading.Confidence, config.Utility.Of(Grader.Grade(q, reading.Answer)), config.Utility.Of(Grader.Grade(q, null)));
        })];

    private Run AskAll(RunWriter writer, IReadOnlyList<SystemUnderTest> prepared, IEnumerable<Asking> cases, Action<string, double> progress, CancellationToken cancel)
    {
        Asking.All(writer, cases, Threads, share => progress("asking questions", share), cancel);
        progress("computing intervals", 0);
        return writer.Finish(run => writer.Manifest with { Facts = Facts(prepared), Resources = new JsonObject { ["models"] = chat?.Usage(run.Timings) } }, HarnessPortfolio.Measure);
    }

    private RunWriter Open(string kind, string command, Shard? shard, bool resume, IEnumerable<string>? more = null)
    {
        var inputs = new { Run = config, Systems = Measured, Models = Measured.Where(s => s.Asks).ToDictionary(s => s.Name, s => chat!.Inputs(s)) };
        var manifest = Provenance.Describe(root, kind, command, new { Kind = kind, Inputs = inputs }, config.Seed, data.Files.Select(f => f.Path).Concat(more ?? []), shard?.ToString());
        var writer = (resume ? RunWriter.Resume(root, manifest.ConfigHash, manifest.Shard, manifest.Data) : null) ?? RunWriter.Start(root, manifest);
        chat?.Begin(writer.Manifest.Started);
        return writer;
    }

    private JsonObject Facts(IReadOnlyList<SystemUnderTest> prepared)
    {
        var (documents, test) = (data.Corpus.Documents, data.Questions.Where(q => q.Split == "test").ToList());
        return new()
        {
            ["baseline"] = _baseline,
            ["not_measured"] = new JsonObject(_notMeasured.Select(n => KeyValuePair.Create(n.Key, (JsonNode?)n.Value))),
            ["prompts"] = Prompts(test),
            ["prices"] = chat?.Prices,
            ["dataset"] = Fact(new { data.Path, Documents = documents.Count, Characters = documents.Sum(d => (long)d.Text.Length), Questions = data.Questions.Count, Test = test.Count, TestAnswerable = test.Count(q => q.Answerable), data.Notes }),
            ["systems"] = new JsonObject(prepared.Select(s => KeyValuePair.Create(s.Config.Name,
                Fact(new { s.Config.About, Null = s.Config.NullSystem, s.Threshold, Chunks = s.Chunks.Count, s.Retriever.IndexBytes })))),
        };
    }

    /// <summary>How large each chat system's prompt and a right reply are, mean over the test questions. Asks no model: not where retrieval would.</summary>
    private JsonObject Prompts(IReadOnlyList<Question> test) => new(systems.Where(s => chat is not null && s.Reader.Type == ReaderType.Chat && s.Retriever.Model is null).Select(s =>
    {
        var system = _builder.Build(s);
        var sizes = test.Select(q => chat!.Characters(s, q, system.Context(system.Retriever.Search(q.Text, config.RetrievalDepth)))).DefaultIfEmpty().ToList();
        return KeyValuePair.Create(s.Name, Fact(new { PromptCharacters = sizes.Average(x => x.Prompt), ReplyCharacters = sizes.Average(x => x.Reply), Repeats = s.Repeats ?? 1 }));
    }));

    private static JsonNode? Fact<T>(T fact) => JsonSerializer.SerializeToNode(fact, Snake);
}

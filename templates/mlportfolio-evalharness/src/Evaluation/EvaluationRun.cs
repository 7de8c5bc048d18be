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

/// <summary>Asks every system every question. Thresholds are tuned on dev first; the work is shared by threads and written as it finishes.</summary>
public sealed class EvaluationRun
{
    public const string Kind = "main";
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly string _root;
    private readonly RunConfig _config;
    private readonly IReadOnlyList<SystemConfig> _systems;
    private readonly Dataset _data;
    private readonly SystemBuilder _builder;
    private readonly object _hashed;
    private readonly int _threads;
    private readonly IChatSystems? _chat;
    private readonly IReadOnlyList<SystemConfig> _asked;
    private readonly JsonObject _notMeasured;

    public EvaluationRun(string root, RunConfig config, IReadOnlyList<SystemConfig> systems, Dataset data, IChatSystems? chat = null)
    {
        (_root, _config, _data, _chat) = (root, config, data, chat);
        _asked = [.. systems.Where(s => s.Asks)];
        _notMeasured = new(_asked.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)(chat is null ? "no models here" : chat.WhyNot(s)))).Where(s => s.Value is not null));
        _systems = [.. systems.Where(s => !_notMeasured.ContainsKey(s.Name))];
        _builder = new SystemBuilder(data.Corpus, config.Seed, config.RetrievalDepth, chat);
        _hashed = new { Run = config, Systems = _systems, Models = _asked.Intersect(_systems).ToDictionary(s => s.Name, s => chat!.Inputs(s)) };
        _threads = Math.Max(config.Threads == 0 ? Environment.ProcessorCount : config.Threads, _asked.Intersect(_systems).Any() ? chat!.Parallel : 1);
        if (systems.All(s => s.Name != config.Baseline))
            throw new UserError("the baseline is not among the systems", "configs/run.yaml", field: "baseline", expected: string.Join(", ", systems.Select(s => s.Name)), got: config.Baseline);
    }

    /// <param name="progress">Told what is being done and which share of it is finished.</param>
    public Run Execute(string command, Shard? shard, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        using var writer = Open(Kind, command, shard, resume);
        var systems = Tune([.. _systems.Select((s, i) => { progress("building indexes", (double)i / _systems.Count); return _builder.Build(s); })], progress, cancel);
        var evaluator = new CaseEvaluator(_data, _config.Utility);
        var questions = _data.Questions.Where((_, position) => shard?.Holds(position) ?? true);
        return AskAll(writer, systems, systems.SelectMany(s => questions.Select(q => (s.Config.Name, q.Id, (Asking)(() => evaluator.Evaluate(s, q))))), progress, cancel);
    }

    /// <summary>The chunk sweep, as a run of its own kind: its variants are chunkings.</summary>
    public Run ExecuteSweep(string command, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        using var writer = Open(ChunkSweep.Kind, command, null, resume);
        var sweep = new ChunkSweep(_config.Sweep, _data, _builder, _config.RetrievalDepth);
        var (facts, resources) = (new JsonObject(), new JsonObject());
        var finished = 0;
        foreach (var chunker in _config.Sweep.Chunkers)
        {
            cancel.ThrowIfCancellationRequested();
            var done = writer.Done.Where(d => d.Variant == chunker.Name).Select(d => d.Case).ToHashSet(StringComparer.Ordinal);
            (facts[chunker.Name], resources[chunker.Name]) = sweep.Evaluate(chunker, done, (record, timing) =>
            {
                writer.Add(record, timing);
                progress("sweeping chunkings", (double)Interlocked.Increment(ref finished) / Math.Max(1, sweep.Cases));
            });
        }
        return writer.Finish(_ => writer.Manifest with { Facts = facts, Resources = resources }, run => HarnessPortfolio.Measure(run));
    }

    /// <summary>The poisoned passages, as a run of its own kind: every system as the main run has it, thresholds included, over the corpus with the passages in it; none over HTTP, which has a corpus of its own.</summary>
    public Run ExecutePoison(string command, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        var suite = PoisonSuite.Load(_root, _data);
        using var writer = Open(PoisonSuite.Kind, command, null, resume, suite.Files);
        var builder = new SystemBuilder(suite.Corpus, _config.Seed, _config.RetrievalDepth, _chat);
        var systems = Prepare(cancel).Where(s => s.Config.Reader.Type != ReaderType.Http).Select(s => builder.Build(s.Config) with { Threshold = s.Threshold }).ToList();
        return AskAll(writer, systems, systems.SelectMany(s => suite.Attacks.Select(a => (s.Config.Name, a.Passage.Document, (Asking)(() => PoisonSuite.Attack(s, a.Passage, a.Question))))), progress, cancel);
    }

    /// <summary>The systems as the run has them: indexes built, thresholds tuned.</summary>
    public IReadOnlyList<SystemUnderTest> Prepare(CancellationToken cancel) => Tune([.. _systems.Select(_builder.Build)], (_, _) => { }, cancel);

    private delegate (CaseRecord Case, TimingRecord Timing) Asking();

    private Run AskAll(RunWriter writer, IReadOnlyList<SystemUnderTest> systems, IEnumerable<(string Variant, string Case, Asking Ask)> all, Action<string, double> progress, CancellationToken cancel)
    {
        var (work, finished) = (all.Where(w => !writer.Done.Contains((w.Variant, w.Case))).ToList(), 0);
        ForEach(work, item =>
        {
            var (record, timing) = item.Ask();
            writer.Add(record, timing);
            progress("asking questions", (double)Interlocked.Increment(ref finished) / work.Count);
        }, cancel);
        progress("computing intervals", 0);
        return writer.Finish(run => writer.Manifest with { Facts = Facts(systems), Resources = new JsonObject { ["models"] = _chat?.Usage(run.Timings) } }, HarnessPortfolio.Measure);
    }

    private RunWriter Open(string kind, string command, Shard? shard, bool resume, IEnumerable<string>? more = null)
    {
        var manifest = Provenance.Describe(_root, kind, command, new { Kind = kind, Inputs = _hashed }, _config.Seed, _data.Files.Select(f => f.Path).Concat(more ?? []), shard?.ToString());
        var writer = (resume ? RunWriter.Resume(_root, manifest.ConfigHash, manifest.Shard, manifest.Data) : null) ?? RunWriter.Start(_root, manifest);
        _chat?.Begin(writer.Manifest.Started);
        return writer;
    }

    private List<SystemUnderTest> Tune(IReadOnlyList<SystemUnderTest> systems, Action<string, double> progress, CancellationToken cancel)
    {
        var dev = _data.Questions.Where(q => q.Split == "dev" && (q.Answers is not null || !q.Answerable)).ToList();
        return [.. systems.Select((system, i) =>
        {
            if (system.Config.Reader.Threshold != "auto") return system;
            progress("tuning thresholds on dev", (double)i / systems.Count);
            var readings = new (double, double, double)[dev.Count];
            ForEach([.. Enumerable.Range(0, dev.Count)], d =>
            {
                var reading = system.Run(dev[d].Text).Reading;
                readings[d] = (reading.Confidence, _config.Utility.Of(Grader.Grade(dev[d], reading.Answer)), _config.Utility.Of(Grader.Grade(dev[d], null)));
            }, cancel);
            return system with { Threshold = ThresholdTuner.Tune(readings) };
        })];
    }

    private void ForEach<T>(IReadOnlyList<T> items, Action<T> act, CancellationToken cancel) =>
        Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancel }, act);

    private JsonObject Facts(IReadOnlyList<SystemUnderTest> systems)
    {
        var (documents, test) = (_data.Corpus.Documents, _data.Questions.Where(q => q.Split == "test").ToList());
        return new()
        {
            ["baseline"] = _config.Baseline,
            ["not_measured"] = _notMeasured.DeepClone(),
            ["prompts"] = Prompts(test),
            ["prices"] = _chat?.Prices,
            ["dataset"] = Fact(new DatasetFacts(_data.Path, documents.Count, documents.Sum(d => (long)d.Text.Length), _data.Questions.Count, test.Count, test.Count(q => q.Answerable), _data.Notes)),
            ["systems"] = new JsonObject(systems.Select(s => KeyValuePair.Create(s.Config.Name,
                Fact(new SystemFacts(s.Config.About, s.Config.NullSystem, s.Threshold, s.Chunks.Count, s.Retriever.IndexBytes))))),
        };
    }

    /// <summary>How large each chat system's prompt and a right reply are, mean over the test questions. Asks no model: not where retrieval would.</summary>
    private JsonObject Prompts(IReadOnlyList<Question> test) => new(_asked.Where(s => _chat is not null && s.Reader.Type == ReaderType.Chat && s.Retriever.Model is null).Select(s =>
    {
        var system = _builder.Build(s);
        var sizes = test.Select(q => _chat!.Characters(s, q, system.Context(system.Retriever.Search(q.Text, _config.RetrievalDepth)))).DefaultIfEmpty().ToList();
        return KeyValuePair.Create(s.Name, Fact(new PromptFacts(sizes.Average(x => x.Prompt), sizes.Average(x => x.Reply), s.Repeats ?? 1)));
    }));

    private static JsonNode? Fact<T>(T fact) => JsonSerializer.SerializeToNode(fact, Snake);

    private sealed record DatasetFacts(string Path, int Documents, long Characters, int Questions, int Test, int TestAnswerable, IReadOnlyList<string> Notes);

    private sealed record PromptFacts(double PromptCharacters, double ReplyCharacters, int Repeats);

    private sealed record SystemFacts(string About, bool Null, double Threshold, int Chunks, long IndexBytes);
}

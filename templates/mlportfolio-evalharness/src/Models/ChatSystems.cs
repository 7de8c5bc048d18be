using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>
/// Chat models as the evaluation needs them: a system's <c>reader.model</c> names a file with a <see cref="ChatConfig"/>; how calls are made
/// stands in configs/calls.yaml, what they cost in configs/prices.yaml.
/// </summary>
public sealed class ChatSystems(string root, ChatModels models) : IChatSystems
{
    private readonly ConcurrentDictionary<string, EmbeddingModel> _embeddings = new();

    public JsonNode? Prices => JsonSerializer.SerializeToNode(models.Prices.Models, JsonSerializerOptions.Web);

    public void Begin(DateTimeOffset started) => models.Cassettes.Since = started;

    public int Parallel => models.Calls.MaxParallel;

    public static IChatSystems Create(string root, string mode) => new ChatSystems(root, ChatModels.Load(root, mode));

    public JsonNode? Usage(IEnumerable<TimingRecord> timings) => Sum(timings, _embeddings.Values.Select(e => e.Usage));

    internal static JsonNode? Sum(IEnumerable<TimingRecord> timings, IEnumerable<ModelUsage>? more = null) =>
        JsonSerializer.SerializeToNode(timings.SelectMany(t => t.Detail?["calls"]?.AsArray() ?? []).Select(c => c.Deserialize<ModelUsage>(JsonSerializerOptions.Web)!).Concat(more ?? [])
            .GroupBy(u => u.Model).Select(g => g.Aggregate((a, b) => a + b)).OrderBy(u => u.Model, StringComparer.Ordinal), JsonSerializerOptions.Web);

    public string? WhyNot(SystemConfig system)
    {
        var needs = Needs(system).ToList();
        if (models.Calls.Cassettes is CassetteMode.Live or CassetteMode.Record)
            return needs.FirstOrDefault(n => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(n.Variable))).Variable is { } unset ? $"{unset} is not set" : null;
        return needs.All(n => models.Cassettes.Knows(n.Key)) ? null
            : $"no answer of its model is on record; {string.Join(' ', needs.Select(n => n.Variable + "=…").Distinct())} dotnet run --project src/Cli -- run --cassettes record";
    }

    /// <summary>Names every cassette that no system and no judge of this repository would ask for any more: its prompt, model or settings changed.</summary>
    public static Check StaleCassettes(string root) => new("cassettes", () =>
    {
        if (!File.Exists(Path.Combine(root, "configs", "calls.yaml"))) return [];
        var models = ChatModels.Load(root, "replay-or-fail");
        var asked = SystemConfig.LoadAll(root, RunConfig.Load(Path.Combine(root, "configs", "run.yaml"), []).Systems).SelectMany(new ChatSystems(root, models).Needs).Select(n => n.Key).ToList();
        if (Path.Combine(root, "configs", "judge.yaml") is var judge && File.Exists(judge)) asked.Add(models.Reader(StrictYaml.Read<ChatConfig>(Path.Combine(root, StrictYaml.Read<JudgeConfig>(judge).Model))).Key("", []));
        return [.. models.Cassettes.Stale(asked).Select(k => new Finding(Severity.Warning, $"{models.Calls.Folder}/{k.Id}.json", $"stale, {k.Title}: no model, prompt or setting at hand asks for it; record again and delete it"))];
    });

    public IReader Reader(SystemConfig system, Corpus corpus) => Http(system) is { } http ? models.Service(http, corpus) : models.Reader(Chat(system)!);

    public IRetriever Retriever(IReadOnlyList<Chunk> chunks, RetrieverConfig config)
    {
        var model = _embeddings.GetOrAdd(config.Model!, file => models.Embeddings(Read<EmbeddingConfig>(file)));
        try { return new VectorIndex(chunks, model.Embed(chunks.Select(c => c.Text)), query => model.Embed([query])[0]); }
        catch (ModelCallException e) { throw new UserError($"the corpus has no vectors: {e.Message}", config.Model, fix: "Run again with --resume once the endpoint answers") { Code = ExitCode.Incomplete }; }
    }

    public (int Prompt, int Reply) Characters(SystemConfig system, Question question, IReadOnlyList<Passage> context) =>
        (models.Reader(Chat(system)!).PromptCharacters(question.Text, context), ChatReader.ReplyCharacters(question.Answerable ? question.Answers?[0] ?? "" : null, question.Spans.FirstOrDefault()?.Quote ?? ""));

    public object Inputs(SystemConfig system)
    {
        var chat = Chat(system);
        return new { Chat = chat, Prompt = chat is null ? null : Prompt.Read(Path.Combine(root, chat.Prompt)).Id, Http = Http(system), Embeddings = Embeddings(system) };
    }

    private T Read<T>(string file) => StrictYaml.Read<T>(Path.Combine(root, file));

    private ChatConfig? Chat(SystemConfig system) => system.Reader.Type == ReaderType.Chat ? Read<ChatConfig>(system.Reader.Model!) : null;

    private HttpConfig? Http(SystemConfig system) => system.Reader.Type == ReaderType.Http ? Read<HttpConfig>(system.Reader.Model!) : null;

    private EmbeddingConfig? Embeddings(SystemConfig system) => system.Retriever.Model is { } file ? Read<EmbeddingConfig>(file) : null;

    /// <summary>What a system asks for: the variable that opens it, and a request with its settings, about nothing.</summary>
    private IEnumerable<(string Variable, CassetteKey Key)> Needs(SystemConfig system)
    {
        if (Chat(system) is { } chat) yield return (chat.KeyVariable, models.Reader(chat).Key("", []));
        if (Http(system) is { } http) yield return (http.UrlVariable, HttpReader.Key(http, "", 0));
        if (Embeddings(system) is { } embeddings) yield return (embeddings.KeyVariable, models.Embeddings(embeddings).Keys([""]).Single());
    }
}

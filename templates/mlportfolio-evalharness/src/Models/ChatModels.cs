using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>
/// Chat models as the evaluation needs them: a system's <c>reader.model</c> names a file with a <see cref="ChatConfig"/>; how calls are made
/// stands in configs/calls.yaml, what they cost in configs/prices.yaml. One client a model (cassettes over retries over the endpoint), with
/// limits that hold over all of them.
/// </summary>
public sealed class ChatModels(string root, CallConfig calls, PriceTable prices, long seed) : IChatSystems
{
    private const int RetryStream = 50;
    private readonly CallPolicy _policy = new(calls, seed);
    private readonly ConcurrentDictionary<(string, Uri, string), CassetteChatClient> _clients = new();
    private readonly ConcurrentDictionary<string, EmbeddingModel> _embeddings = new();

    public CassetteStore Cassettes { get; } = new(Path.Combine(root, calls.Folder));

    public JsonNode? Prices => JsonSerializer.SerializeToNode(prices.Models, JsonSerializerOptions.Web);

    public int Parallel => calls.MaxParallel;

    /// <summary>As configs/calls.yaml and configs/prices.yaml say, with another cassette mode.</summary>
    public static ChatModels Load(string root, string mode) => new(root, StrictYaml.Read<CallConfig>(Path.Combine(root, "configs", "calls.yaml"), ["cassettes=" + mode]),
        StrictYaml.Read<PriceTable>(Path.Combine(root, "configs", "prices.yaml")), RetryStream);

    public void Begin(DateTimeOffset started) => Cassettes.Since = started;

    internal HttpReader Service(HttpConfig config, Corpus corpus) => new(config, corpus, _policy, Cassettes, calls.Cassettes);

    public ChatReader Reader(ChatConfig config) => new(Client(config), Prompt.Read(Path.Combine(root, config.Prompt)), config, prices);

    public Judge Judge(ChatConfig config, int repeats) => new(Client(config), Prompt.Read(Path.Combine(root, config.Prompt)), config, prices, repeats);

    internal IChatClient Client(ChatConfig config) => _clients.GetOrAdd((config.Model, config.Endpoint, config.KeyVariable),
        _ => new(new OpenAIChatClient(config.Endpoint, config.Model, config.KeyVariable), _policy, Cassettes, calls.Cassettes));

    private EmbeddingModel Vectors(EmbeddingConfig config) => new(config, _policy, Cassettes, calls.Cassettes, prices);

    public JsonNode? Usage(IEnumerable<TimingRecord> timings) => Sum(timings, _embeddings.Values.Select(e => e.Usage));

    internal static JsonNode? Sum(IEnumerable<TimingRecord> timings, IEnumerable<ModelUsage>? more = null) =>
        JsonSerializer.SerializeToNode(timings.SelectMany(t => t.Detail?["calls"]?.AsArray() ?? []).Select(c => c.Deserialize<ModelUsage>(JsonSerializerOptions.Web)!).Concat(more ?? [])
            .GroupBy(u => u.Model).Select(g => g.Aggregate((a, b) => a + b)).OrderBy(u => u.Model, StringComparer.Ordinal), JsonSerializerOptions.Web);

    public string? WhyNot(SystemConfig system)
    {
        var needs = Needs(system).ToList();
        if (calls.Cassettes is CassetteMode.Live or CassetteMode.Record)
            return needs.FirstOrDefault(n => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(n.Variable))).Variable is { } unset ? $"{unset} is not set" : null;
        return needs.All(n => Cassettes.Knows(n.Key)) ? null
            : $"no answer of its model is on record; {string.Join(' ', needs.Select(n => n.Variable + "=…").Distinct())} dotnet run --project src/Cli -- run --cassettes record";
    }

    /// <summary>Names every cassette that no system and no judge of this repository would ask for any more: its prompt, model or settings changed.</summary>
    public static Check StaleCassettes(string root) => new("cassettes", () =>
    {
        if (!File.Exists(Path.Combine(root, "configs", "calls.yaml"))) return [];
        var models = ChatModels.Load(root, "replay-or-fail");
        var asked = SystemConfig.LoadAll(root, RunConfig.Load(Path.Combine(root, "configs", "run.yaml"), []).Systems).SelectMany(models.Needs).Select(n => n.Key).ToList();
        if (Path.Combine(root, "configs", "judge.yaml") is var judge && File.Exists(judge)) asked.Add(models.Reader(StrictYaml.Read<ChatConfig>(Path.Combine(root, StrictYaml.Read<JudgeConfig>(judge).Model))).Key("", []));
        return [.. models.Cassettes.Stale(asked).Select(k => new Finding(Severity.Warning, Path.GetRelativePath(root, models.Cassettes.FileOf(k)).Replace('\\', '/'), $"stale, {k.Title}: no model, prompt or setting at hand asks for it; record again and delete it"))];
    });

    public IReader Reader(SystemConfig system, Corpus corpus) => Http(system) is { } http ? Service(http, corpus) : Reader(Chat(system)!);

    public IRetriever Retriever(IReadOnlyList<Chunk> chunks, RetrieverConfig config)
    {
        var model = _embeddings.GetOrAdd(config.Model!, file => Vectors(Read<EmbeddingConfig>(file)));
        try { return new VectorIndex(chunks, model.Embed(chunks.Select(c => c.Text)), query => model.Embed([query])[0]); }
        catch (ModelCallException e) { throw new UserError($"the corpus has no vectors: {e.Message}", config.Model, fix: "Run again with --resume once the endpoint answers") { Code = ExitCode.Incomplete }; }
    }

    public (int Prompt, int Reply) Characters(SystemConfig system, Question question, IReadOnlyList<Passage> context) =>
        (Reader(Chat(system)!).PromptCharacters(question.Text, context), ChatReader.ReplyCharacters(question.Answerable ? question.Answers?[0] ?? "" : null, question.Spans.FirstOrDefault()?.Quote ?? ""));

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
        if (Chat(system) is { } chat) yield return (chat.KeyVariable, Reader(chat).Key("", []));
        if (Http(system) is { } http) yield return (http.UrlVariable, HttpReader.Key(http, "", 0));
        if (Embeddings(system) is { } embeddings) yield return (embeddings.KeyVariable, Vectors(embeddings).Keys([""]).Single());
    }
}

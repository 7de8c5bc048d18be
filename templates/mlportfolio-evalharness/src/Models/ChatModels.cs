namespace PortfolioProject.Models;

/// <summary>
/// The chat models of a run: readers over one client a model (cassettes over retries over the endpoint), with limits that hold
/// over all of them.
/// </summary>
public sealed class ChatModels(string root, CallConfig calls, PriceTable prices, long seed)
{
    private const int RetryStream = 50;
    private readonly CallPolicy _policy = new(calls, seed);
    private readonly ConcurrentDictionary<(string, Uri, string), CassetteChatClient> _clients = new();

    public CallConfig Calls => calls;

    public PriceTable Prices => prices;

    public CassetteStore Cassettes { get; } = new(Path.Combine(root, calls.Folder));

    /// <summary>As configs/calls.yaml and configs/prices.yaml say, with another cassette mode.</summary>
    public static ChatModels Load(string root, string mode) => new(root, StrictYaml.Read<CallConfig>(Path.Combine(root, "configs", "calls.yaml"), ["cassettes=" + mode]),
        StrictYaml.Read<PriceTable>(Path.Combine(root, "configs", "prices.yaml")), RetryStream);

    internal EmbeddingModel Embeddings(EmbeddingConfig config) => new(config, _policy, Cassettes, calls.Cassettes, prices);

    internal HttpReader Service(HttpConfig config, Corpus corpus) => new(config, corpus, _policy, Cassettes, calls.Cassettes);

    public ChatReader Reader(ChatConfig config) => new(Client(config), Prompt.Read(Path.Combine(root, config.Prompt)), config, prices);

    public Judge Judge(ChatConfig config, int repeats) => new(Client(config), Prompt.Read(Path.Combine(root, config.Prompt)), config, prices, repeats);

    internal IChatClient Client(ChatConfig config) => _clients.GetOrAdd((config.Model, config.Endpoint, config.KeyVariable),
        _ => new(new OpenAIChatClient(config.Endpoint, config.Model, config.KeyVariable), _policy, Cassettes, calls.Cassettes));
}

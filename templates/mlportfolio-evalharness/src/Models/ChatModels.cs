namespace PortfolioProject.Models;

/// <summary>
/// The chat models of a run: readers over one client a model (metering over cassettes over retries over the endpoint), with limits that hold
/// over all of them.
/// </summary>
public sealed class ChatModels(string root, CallConfig calls, PriceTable prices, long seed)
{
    private readonly CallPolicy _policy = new(calls, seed);
    private readonly ConcurrentDictionary<(string, Uri, string), MeteringChatClient> _clients = new();

    public CassetteStore Cassettes { get; } = new(Path.Combine(root, calls.Folder));

    /// <summary>What each model's calls took, in order of name.</summary>
    public IReadOnlyList<ModelUsage> Usage => [.. _clients.Values.Select(c => c.Usage).OrderBy(u => u.Model, StringComparer.Ordinal)];

    public ChatReader Reader(ChatConfig config) => new(Client(config), Prompt.Read(Path.Combine(root, config.Prompt)), config, prices);

    internal IChatClient Client(ChatConfig config) => _clients.GetOrAdd((config.Model, config.Endpoint, config.KeyVariable), _ => new(
        new CassetteChatClient(new RetryingChatClient(new OpenAIChatClient(config.Endpoint, config.Model, config.KeyVariable), _policy), Cassettes, calls.Cassettes), prices, config.Model));
}

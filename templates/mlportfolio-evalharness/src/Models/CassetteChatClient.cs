namespace PortfolioProject.Models;

/// <summary>Answers from cassettes.</summary>
internal sealed class CassetteChatClient(IChatClient inner, CassetteStore store, CassetteMode mode) : BufferedChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (response, replayed) = await store.AskAsync(CassetteKey.Of(messages, options), mode, () => base.GetResponseAsync(messages, options, cancellationToken), cancellationToken);
        return replayed ? (CallFacts.Of(response) with { Replayed = true }).AttachTo(response) : response;
    }
}

namespace PortfolioProject.Models;

/// <summary>Cassettes over retries over a client. Only whole answers are streamed, so that none is retried, kept or metered by half.</summary>
internal sealed class CassetteChatClient(IChatClient inner, CallPolicy policy, CassetteStore store, CassetteMode mode) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (response, replayed) = await store.AskAsync(CassetteKey.Of(messages, options), mode, async () =>
        {
            var (answer, facts) = await policy.ExecuteAsync(token => base.GetResponseAsync(messages, options, token), cancellationToken);
            return facts.AttachTo(answer);
        }, cancellationToken);
        return replayed ? (CallFacts.Of(response) with { Replayed = true }).AttachTo(response) : response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }
}

namespace PortfolioProject.Models;

/// <summary>
/// Answers from cassettes. Recording, an answer is kept before it is handed on, and equal requests at the same time make one call: nothing is
/// paid for twice, not even by a run that was killed and resumed.
/// </summary>
internal sealed class CassetteChatClient(IChatClient inner, CassetteStore store, CassetteMode mode) : BufferedChatClient(inner)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (mode == CassetteMode.Live) return await base.GetResponseAsync(messages, options, cancellationToken);
        var key = CassetteKey.Of(messages, options);
        var turn = _turns.GetOrAdd(key.Id, _ => new(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (store.Find(key)?.Response is { } kept) return (CallFacts.Of(kept) with { Replayed = true }).AttachTo(kept);
            if (mode == CassetteMode.ReplayOrFail)
                throw new UserError($"no cassette for {key.Title}", store.FileOf(key), fix: "Run once with cassettes: record and the model's key set, then commit the folder") { Code = ExitCode.Incomplete };
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            if (mode == CassetteMode.Record) store.Keep(key, response);
            return response;
        }
        finally { turn.Release(); }
    }
}

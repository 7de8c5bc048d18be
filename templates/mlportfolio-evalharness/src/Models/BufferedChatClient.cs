namespace PortfolioProject.Models;

/// <summary>A decorator that streams only whole answers, so that none is retried, kept or metered by half.</summary>
internal abstract class BufferedChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }
}

/// <summary>How an answer came: milliseconds of the try that succeeded, tries before it, and whether it came from a cassette (then both are the original's).</summary>
public sealed record CallFacts(double Milliseconds, int Retries, bool Replayed = false)
{
    /// <summary>A response read back from a file holds them as JSON.</summary>
    public static CallFacts Of(ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault("call") is var facts && facts is JsonElement json
        ? json.Deserialize<CallFacts>(AIJsonUtilities.DefaultOptions)! : facts as CallFacts ?? new(0, 0);

    internal ChatResponse AttachTo(ChatResponse response)
    {
        (response.AdditionalProperties ??= [])["call"] = this;
        return response;
    }
}

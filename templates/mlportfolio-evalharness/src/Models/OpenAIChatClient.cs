using System.ClientModel;
using System.ClientModel.Primitives;
using Sdk = OpenAI.Chat;

namespace PortfolioProject.Models;

/// <summary>
/// Any endpoint that speaks the chat-completions protocol. One try a call; every failure is a <see cref="ModelCallException"/> from whose text
/// the key is struck out. The key is read at the first call, so a client that is never called needs none. A reply without choices is a
/// response without messages.
/// </summary>
internal sealed class OpenAIChatClient(Uri endpoint, string model, string keyVariable) : IChatClient
{
    private readonly Lazy<string> _key = new(() => Environment.GetEnvironmentVariable(keyVariable)?.Trim() is { Length: > 0 } key ? key
        : throw new UserError("no key for the model", field: "key_variable", expected: $"an environment variable {keyVariable}", got: "nothing", fix: "Set it, or use cassettes: replay-or-fail"));

    private Sdk.ChatClient Client => field ??= new(model, new ApiKeyCredential(_key.Value),
        new OpenAI.OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = Timeout.InfiniteTimeSpan });

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Guard(async () => Response(await Client.CompleteChatAsync(Messages(messages), Options(options), cancellationToken)), cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = Client.CompleteChatStreamingAsync(Messages(messages), Options(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await Guard(async () => await updates.MoveNextAsync() ? Update(updates.Current) : null, cancellationToken) is { } update) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    private ChatResponse Response(ClientResult<Sdk.ChatCompletion> result)
    {
        if (JsonNode.Parse(result.GetRawResponse().Content)?["choices"] is not JsonArray choices) throw new JsonException("no choices in the reply");
        var (reply, any) = (result.Value, choices.Count > 0);
        return new ChatResponse(any ? [new ChatMessage(ChatRole.Assistant, [.. Contents(reply.Content, reply.Refusal)])] : [])
        { ResponseId = reply.Id, ModelId = reply.Model, Usage = Usage(reply.Usage), FinishReason = any ? Reason(reply.FinishReason) : null };
    }

    private ChatResponseUpdate Update(Sdk.StreamingChatCompletionUpdate update) => new(ChatRole.Assistant,
        [.. Contents(update.ContentUpdate, update.RefusalUpdate), .. Usage(update.Usage) is { } usage ? (AIContent[])[new UsageContent(usage)] : []])
    { ResponseId = update.CompletionId, ModelId = update.Model, FinishReason = update.FinishReason is { } reason ? Reason(reason) : null };

    private IEnumerable<AIContent> Contents(Sdk.ChatMessageContent? content, string? refusal) => (content ?? []).Select(AIContent (part) => new TextContent(Redact(part.Text)))
        .Concat(string.IsNullOrEmpty(refusal) ? [] : [new ErrorContent(Redact(refusal)) { ErrorCode = "Refusal" }]);

    private static ChatFinishReason Reason(Sdk.ChatFinishReason reason) => new(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()));

    private static UsageDetails? Usage(Sdk.ChatTokenUsage? u) => u is null ? null : new()
    { InputTokenCount = u.InputTokenCount, OutputTokenCount = u.OutputTokenCount, CachedInputTokenCount = u.InputTokenDetails?.CachedTokenCount, ReasoningTokenCount = u.OutputTokenDetails?.ReasoningTokenCount };

    private static IEnumerable<Sdk.ChatMessage> Messages(IEnumerable<ChatMessage> messages) => messages.Select(Sdk.ChatMessage (m) =>
        m.Role == ChatRole.System ? new Sdk.SystemChatMessage(m.Text) : m.Role == ChatRole.Assistant ? new Sdk.AssistantChatMessage(m.Text) : new Sdk.UserChatMessage(m.Text));

    private static Sdk.ChatCompletionOptions Options(ChatOptions? options) => new()
    {
        Temperature = options?.Temperature,
        MaxOutputTokenCount = options?.MaxOutputTokens,
        Seed = options?.Seed,
        ResponseFormat = options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } json
            ? Sdk.ChatResponseFormat.CreateJsonSchemaFormat(json.SchemaName ?? "reply", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription, jsonSchemaIsStrict: true) : null,
    };

    private async Task<T> Guard<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try { return await call(); }
        catch (Exception e) when (e is not UserError && (!cancellation.IsCancellationRequested || (e as ClientResultException)?.GetRawResponse() is not null))
        {
            // An answer that arrives as the time runs out is still the endpoint's: its text may repeat the key.
            var response = (e as ClientResultException)?.GetRawResponse();
            var kind = response?.Status switch
            {
                null => e is ClientResultException or IOException or HttpRequestException or OperationCanceledException ? FailureKind.Connection : FailureKind.Malformed,
                429 => FailureKind.RateLimited,
                408 or 409 or >= 500 => FailureKind.Server,
                _ => FailureKind.Rejected,
            };
            throw new ModelCallException(kind, UserError.Quote(Redact(e.Message)), response?.Status ?? 0, Wait(response));
        }
    }

    /// <summary>Seconds or a date; a date that has passed asks for nothing.</summary>
    private static TimeSpan? Wait(PipelineResponse? response) => response is not null && response.Headers.TryGetValue("Retry-After", out var text)
        && System.Net.Http.Headers.RetryConditionHeaderValue.TryParse(text, out var after) ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null;

    private string Redact(string text) => text.Replace(_key.Value, "***", StringComparison.Ordinal);
}

using System.ClientModel;
using Sdk = OpenAI.Chat;

namespace PortfolioProject.Models;

/// <summary>
/// Any endpoint that speaks the chat-completions protocol. A reply without choices is a response without messages.
/// </summary>
internal sealed class OpenAIChatClient(Uri endpoint, string model, string keyVariable) : IChatClient
{
    private readonly OpenAIEndpoint _endpoint = new(endpoint, keyVariable);

    private Sdk.ChatClient Client => field ??= _endpoint.Client.GetChatClient(model);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoint.Guard(async () => Response(await Client.CompleteChatAsync(Messages(messages), Options(options), cancellationToken)), cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = Client.CompleteChatStreamingAsync(Messages(messages), Options(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await _endpoint.Guard(async () => await updates.MoveNextAsync() ? Update(updates.Current) : null, cancellationToken) is { } update) yield return update;
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

    private IEnumerable<AIContent> Contents(Sdk.ChatMessageContent? content, string? refusal) => (content ?? []).Select(AIContent (part) => new TextContent(_endpoint.Redact(part.Text)))
        .Concat(string.IsNullOrEmpty(refusal) ? [] : [new ErrorContent(_endpoint.Redact(refusal)) { ErrorCode = "Refusal" }]);

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
}

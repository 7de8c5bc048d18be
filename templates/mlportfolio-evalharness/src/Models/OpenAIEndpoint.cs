using System.ClientModel;
using System.ClientModel.Primitives;

namespace PortfolioProject.Models;

/// <summary>
/// An endpoint that speaks the OpenAI protocols, with its key. One try a call; every failure is a <see cref="ModelCallException"/> from whose
/// text the key is struck out. The key is read at the first call, so a client that is never called needs none.
/// </summary>
internal sealed class OpenAIEndpoint(Uri address, string keyVariable)
{
    private readonly Lazy<string> _key = new(() => Environment.GetEnvironmentVariable(keyVariable)?.Trim() is { Length: > 0 } key ? key
        : throw new UserError("no key for the model", field: "key_variable", expected: $"an environment variable {keyVariable}", got: "nothing", fix: "Set it, or use cassettes: replay-or-fail"));

    public OpenAI.OpenAIClient Client => field ??= new(new ApiKeyCredential(_key.Value),
        new OpenAI.OpenAIClientOptions { Endpoint = address, RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = Timeout.InfiniteTimeSpan });

    public string Redact(string text) => text.Replace(_key.Value, "***", StringComparison.Ordinal);

    public async Task<T> Guard<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try { return await call(); }
        catch (Exception e) when (e is not UserError && (!cancellation.IsCancellationRequested || (e as ClientResultException)?.GetRawResponse() is not null))
        {
            // An answer that arrives as the time runs out is still the endpoint's: its text may repeat the key.
            var response = (e as ClientResultException)?.GetRawResponse();
            throw ModelCallException.Of(response?.Status, e is ClientResultException or IOException or HttpRequestException or OperationCanceledException,
                UserError.Quote(Redact(e.Message)), response is not null && response.Headers.TryGetValue("Retry-After", out var wait) ? wait : null);
        }
    }
}

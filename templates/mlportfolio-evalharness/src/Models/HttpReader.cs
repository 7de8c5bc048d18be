namespace PortfolioProject.Models;

/// <summary>A system of anyone's that answers over HTTP. Its address is the environment's matter; name and version are part of every recorded request.</summary>
public sealed record HttpConfig
{
    public required string Service { get; init; }

    /// <summary>Of the service: another one has other answers.</summary>
    [Range(1, int.MaxValue)] public required int Version { get; init; }

    /// <summary>Name of the environment variable that holds the address.</summary>
    public required string UrlVariable { get; init; }

    /// <summary>Name of the environment variable that holds a bearer token, if it takes one.</summary>
    public string? KeyVariable { get; init; }
}

/// <summary>A reply as it came, and how.</summary>
public sealed record HttpReply(string Body, CallFacts Call);

/// <summary>
/// Asks a system over HTTP: POST {"question": …} gives {"answer": text or null, "citations": [{"document", "start", "end"} or {"document", "quote"}],
/// "confidence"?: 0 to 1}, strictly; offsets are half-open and count UTF-16 code units. It retrieves for itself: the context is not looked at.
/// </summary>
internal sealed class HttpReader(HttpConfig config, Corpus corpus, CallPolicy policy, CassetteStore cassettes, CassetteMode mode) : IReader
{
    private const int MostBytes = 1 << 20;
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes };
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private sealed record Reply(string? Answer, IReadOnlyList<Citation> Citations, double Confidence = 1);

    private sealed record Citation(string Document, int? Start = null, int? End = null, string? Quote = null);

    public Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0)
    {
        try { return Judge(cassettes.AskAsync(Key(config, question, repeat), mode, () => AskAsync(question), CancellationToken.None).GetAwaiter().GetResult().Answer); }
        catch (ModelCallException e) { return Reading.None with { Call = e.ToCall() }; }
    }

    /// <summary>The cassette that a question needs; asks nobody.</summary>
    public static CassetteKey Key(HttpConfig config, string question, int repeat) => new((JsonObject)JsonSerializer.SerializeToNode(new
    {
        question,
        options = new { modelId = config.Service, additionalProperties = new { prompt = $"{config.Service}@{config.Version}", question, repeat } },
    })!);

    private async Task<HttpReply> AskAsync(string question)
    {
        var (body, facts) = await policy.ExecuteAsync(token => PostAsync(question, token), CancellationToken.None);
        return new(body, facts);
    }

    private async Task<string> PostAsync(string question, CancellationToken cancellation)
    {
        var key = Environment.GetEnvironmentVariable(config.KeyVariable ?? "") is { Length: > 0 } set ? set : null;
        try
        {
            var content = new StringContent(JsonSerializer.Serialize(new { question }), Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, Environment.GetEnvironmentVariable(config.UrlVariable)) { Content = content };
            if (key is not null) request.Headers.Authorization = new("Bearer", key);
            using var reply = await Client.SendAsync(request, cancellation);
            if (!reply.IsSuccessStatusCode) throw ModelCallException.Of((int)reply.StatusCode, false, $"HTTP {(int)reply.StatusCode}", reply.Headers.RetryAfter?.ToString());
            var body = await reply.Content.ReadAsStringAsync(cancellation);
            return key is null ? body : body.Replace(key, "***", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is not (ModelCallException or OperationCanceledException)) { throw ModelCallException.Of(null, true, UserError.Quote(e.Message), null); }
    }

    private Reading Judge(HttpReply reply)
    {
        Reading Invalid(string problem) => Reading.None with { Call = new(problem, null, Retries: reply.Call.Retries) };
        try
        {
            var said = JsonSerializer.Deserialize<Reply>(reply.Body, Strict) ?? throw new JsonException("the reply is null");
            if (said.Answer is { } text && string.IsNullOrWhiteSpace(text)) return Invalid("the answer is empty; null declines");
            if (said.Confidence is not (>= 0 and <= 1)) return Invalid("confidence is not from 0 to 1");
            var cited = said.Citations.Select(Place).ToList();
            if (cited.IndexOf(null) is >= 0 and var lost) return Invalid($"no such place in the corpus: {UserError.Quote($"{said.Citations[lost]}")}");
            return new(said.Answer?.Trim(), said.Confidence, -1, cited.FirstOrDefault()?.DocumentId, cited.FirstOrDefault()?.Start ?? 0, cited.FirstOrDefault()?.End ?? 0,
                new ModelCall(null, null, Retries: reply.Call.Retries), [.. cited.OfType<Chunk>()]);
        }
        catch (JsonException e) { return Invalid(e.Message); }
    }

    /// <summary>The cited text; null where the corpus has no such place.</summary>
    private Chunk? Place(Citation cited)
    {
        if (cited?.Document is null || corpus.Find(cited.Document) is not { Text: var text }) return null;
        var start = cited.Start ?? (cited.Quote is { Length: > 0 } quote ? text.IndexOf(quote, StringComparison.Ordinal) : -1);
        var end = cited.End ?? start + cited.Quote?.Length ?? -1;
        return start < 0 || end <= start || end > text.Length ? null : new($"{cited.Document}@{start}", cited.Document, 0, start, end, text[start..end]);
    }
}

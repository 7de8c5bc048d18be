namespace PortfolioProject.Models;

/// <summary>The embeddings endpoint behind a retriever: all that may change a vector.</summary>
public sealed record EmbeddingConfig : EndpointConfig
{
    /// <summary>Null: the model's own; else sent, and what every vector must have.</summary>
    [Range(1, 100_000)] public int? Dimensions { get; init; }

    /// <summary>Texts to a call.</summary>
    [Range(1, 2048)] public int BatchSize { get; init; } = 64;
}

/// <summary>What an embeddings call gave: for each text the bytes of its 32-bit floats (little-endian), and the tokens it took.</summary>
public sealed record Vectors(IReadOnlyList<byte[]> Floats, long? InputTokens, CallFacts Call);

/// <summary>Any endpoint that speaks the embeddings protocol.</summary>
internal sealed class OpenAIEmbeddingGenerator(Uri address, string model, string keyVariable) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly OpenAIEndpoint _endpoint = new(address, keyVariable);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoint.Guard(async () =>
        {
            var reply = (await _endpoint.Client.GetEmbeddingClient(model).GenerateEmbeddingsAsync(values, new() { Dimensions = options?.Dimensions }, cancellationToken)).Value;
            return new GeneratedEmbeddings<Embedding<float>>(reply.OrderBy(e => e.Index).Select(e => new Embedding<float>(e.ToFloats()))) { Usage = new() { InputTokenCount = reply.Usage?.InputTokenCount } };
        }, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }
}

/// <summary>Texts as vectors of one dimension: in batches, from cassettes, within the limits of calls, metered.</summary>
internal sealed class EmbeddingModel(EmbeddingConfig config, CallPolicy policy, CassetteStore cassettes, CassetteMode mode, PriceTable prices)
{
    private readonly OpenAIEmbeddingGenerator _generator = new(config.Endpoint, config.Model, config.KeyVariable);
    private readonly Lock _gate = new();
    private int? _dimensions = config.Dimensions;

    public ModelUsage Usage { get; private set; } = ModelUsage.None(config.Model, prices);

    /// <summary>The cassettes that texts need; asks nobody.</summary>
    public IEnumerable<CassetteKey> Keys(IEnumerable<string> texts) => texts.Chunk(config.BatchSize).Select(Key);

    /// <exception cref="ModelCallException">No vectors after all tries, or not one of the agreed dimension for each text.</exception>
    public double[][] Embed(IEnumerable<string> texts) => [.. texts.Chunk(config.BatchSize).SelectMany(batch => EmbedAsync(batch, CancellationToken.None).GetAwaiter().GetResult())];

    private async Task<IEnumerable<double[]>> EmbedAsync(string[] batch, CancellationToken cancellation)
    {
        var (vectors, replayed) = await cassettes.AskAsync(Key(batch), mode, () => CallAsync(batch, cancellation), cancellation);
        var tokens = vectors.InputTokens is { } input ? new Tokens(input, 0, 0, 0) : null;
        lock (_gate) Usage = Usage.Add(tokens, vectors.Call with { Replayed = replayed }, prices.Cost(config.Model, tokens));
        return vectors.Floats.Select(bytes => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), f => (double)f));
    }

    private async Task<Vectors> CallAsync(string[] batch, CancellationToken cancellation)
    {
        var (reply, facts) = await policy.ExecuteAsync(token => _generator.GenerateAsync(batch, new() { Dimensions = config.Dimensions }, token), cancellation);
        lock (_gate) _dimensions ??= reply.FirstOrDefault()?.Vector.Length;
        if (reply.Count != batch.Length) throw new ModelCallException(FailureKind.Malformed, $"{reply.Count} vectors for {batch.Length} texts", tries: facts.Retries + 1);
        if (reply.FirstOrDefault(e => e.Vector.Length != _dimensions) is { } odd)
            throw new ModelCallException(FailureKind.Malformed, $"a vector of {odd.Vector.Length} dimensions where others have {_dimensions}", tries: facts.Retries + 1);
        return new([.. reply.Select(e => MemoryMarshal.AsBytes(e.Vector.Span).ToArray())], reply.Usage?.InputTokenCount, facts);
    }

    private CassetteKey Key(string[] batch) => new((JsonObject)JsonSerializer.SerializeToNode(new
    {
        texts = batch,
        options = new { modelId = config.Model, dimensions = config.Dimensions, additionalProperties = new { prompt = "embeddings", question = batch[0], endpoint = config.Endpoint.ToString(), repeat = 0 } },
    })!);
}

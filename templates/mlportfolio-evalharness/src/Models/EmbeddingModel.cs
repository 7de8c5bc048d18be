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

/// <summary>Texts as vectors of one dimension: in batches, from cassettes, within the limits of calls, metered.</summary>
internal sealed class EmbeddingModel(EmbeddingConfig config, CallPolicy policy, CassetteStore cassettes, CassetteMode mode, PriceTable prices)
{
    private readonly OpenAIEndpoint _endpoint = new(config.Endpoint, config.KeyVariable);
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
        lock (_gate) Usage += ModelUsage.Of(config.Model, prices, tokens, vectors.Call with { Replayed = replayed });
        return vectors.Floats.Select(bytes => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), f => (double)f));
    }

    private async Task<Vectors> CallAsync(string[] batch, CancellationToken cancellation)
    {
        var ((vectors, tokens), facts) = await policy.ExecuteAsync(token => _endpoint.Guard(async () =>
        {
            var reply = (await _endpoint.Client.GetEmbeddingClient(config.Model).GenerateEmbeddingsAsync(batch, new() { Dimensions = config.Dimensions }, token)).Value;
            return (reply.OrderBy(e => e.Index).Select(e => e.ToFloats()).ToList(), reply.Usage?.InputTokenCount);
        }, token), cancellation);
        if (vectors.Count != batch.Length) throw new ModelCallException(FailureKind.Malformed, $"{vectors.Count} vectors for {batch.Length} texts", tries: facts.Retries + 1);
        lock (_gate) _dimensions ??= vectors[0].Length;
        if (vectors.FindIndex(v => v.Length != _dimensions) is >= 0 and var odd)
            throw new ModelCallException(FailureKind.Malformed, $"a vector of {vectors[odd].Length} dimensions where others have {_dimensions}", tries: facts.Retries + 1);
        return new([.. vectors.Select(v => MemoryMarshal.AsBytes(v.Span).ToArray())], tokens, facts);
    }

    private CassetteKey Key(string[] batch) => new((JsonObject)JsonSerializer.SerializeToNode(new
    {
        texts = batch,
        options = new { modelId = config.Model, dimensions = config.Dimensions, additionalProperties = new { prompt = "embeddings", question = batch[0], endpoint = config.Endpoint.ToString(), repeat = 0 } },
    })!);
}

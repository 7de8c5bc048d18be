namespace PortfolioProject.Server;

/// <summary>One prediction from request to response, whatever the protocol: read, queue, parse, predict, record, write; each step timed.</summary>
internal sealed class PredictionPipeline(ServerContext context)
{
    public delegate InferenceRequest Parse(ReadOnlyMemory<byte> body, HttpContext http, ServedModel model);

    /// <summary>Writes the body; gives the length of the JSON if binary data follows it, else null.</summary>
    public delegate int? Write(ArrayBufferWriter<byte> body, ServedModel model, InferenceRequest request, ReadOnlyMemory<float> probabilities, Guid id);

    /// <summary>What an answer takes, about: a guess too low costs a copy.</summary>
    private const int BytesBesideNumbers = 512, BytesOfNumber = 16;
    private static readonly string[] StageNames = [.. Enum.GetNames<Stage>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private readonly LimitsConfig _limits = context.Config.Limits;

    public async Task RunAsync(HttpContext http, string? version, Parse parse, Write write)
    {
        var (timings, sticky) = (new StageTimings(), http.Request.Headers["X-Sticky-Key"] is { Count: 1 } keys ? keys.ToString() : null);
        var model = context.Models.Choose(sticky, version) ?? throw ProtocolEndpoints.NotReady(version);
        using var deadline = Body.Deadline(http, _limits.DeadlineMs);
        using var body = await Body.ReadAsync(http, _limits.BodyBytes, deadline.Token);
        timings.End(Stage.Read);
        ArrayBufferWriter<byte> buffer;
        using (await EnterAsync(deadline.Token))
        {
            timings.End(Stage.Queue);
            using var request = Parsed(parse, body.Memory, http, model);
            timings.End(Stage.Parse);
            var length = request.Rows * model.Signature.Classes.Count;
            using var lent = MemoryPool<float>.Shared.Rent(length);
            var probabilities = lent.Memory[..length];
            var waited = TimeSpan.Zero;
            try
            {
                if (context.Options.Predictor is { } predictor) waited = await predictor.PredictAsync(model, request.Values, probabilities, deadline.Token);
                else model.Bundle.Predict(request.Values.Span, probabilities.Span);
            }
            catch (Exception) when (!http.RequestAborted.IsCancellationRequested)
            {
                context.Models.Failed(model);
                throw;
            }

            timings.End(Stage.Model);
            timings.Move(Stage.Model, Stage.BatchWait, waited);
            var outcome = new PredictionOutcome(Guid.CreateVersion7(), context.Options.Clock.GetUtcNow(), model.Version, model.Role, sticky is null ? null : StickyKey.Cluster(sticky));
            context.Models.Answered(model, outcome, request.Values, probabilities);
            buffer = new ArrayBufferWriter<byte>(BytesBesideNumbers + (length * BytesOfNumber));
            Describe(http, model, outcome.Id, request.Rows, write(buffer, model, request, probabilities, outcome.Id));
        }

        timings.End(Stage.Write);
        http.Response.Headers["Server-Timing"] = ServerTiming(timings);
        await Answer.Bytes(http, 200, http.Response.ContentType!, buffer.WrittenMemory);
        timings.End(Stage.Write);
        http.Features.Set(timings);
    }

    private static InferenceRequest Parsed(Parse parse, ReadOnlyMemory<byte> body, HttpContext http, ServedModel model)
    {
        try { return parse(body, http, model); }
        catch (ProtocolException e) when (e.MissingFeature is { } feature)
        {
            model.Monitor.CountMissing(feature);
            throw;
        }
    }

    /// <summary>A place among the predictions at once, to be given back.</summary>
    private async ValueTask<RateLimitLease> EnterAsync(CancellationToken deadline)
    {
        var place = context.Gate.AttemptAcquire() is { IsAcquired: true } free ? free : await context.Gate.AcquireAsync(1, deadline);
        return place.IsAcquired ? place : throw new ProtocolException(503, "the queue is full: see Retry-After") { RetryAfter = 1 };
    }

    private static void Describe(HttpContext http, ServedModel model, Guid id, int rows, int? headerLength)
    {
        var headers = http.Response.Headers;
        http.Response.ContentType = headerLength is null ? "application/json" : "application/octet-stream";
        if (headerLength is not null) headers["Inference-Header-Content-Length"] = $"{headerLength}";
        headers["X-Prediction-Id"] = $"{id}";
        headers["X-Model-Version"] = model.Version;
        headers["X-Model-Digest"] = model.Bundle.Digest;
        if (Activity.Current is { IsAllDataRequested: true } activity)
            activity.SetTag("prediction.id", id).SetTag("prediction.rows", rows).SetTag("model.name", model.Signature.Name).SetTag("model.version", model.Version);
    }

    private static string ServerTiming(StageTimings timings) =>
        string.Join(", ", StageNames.Select((name, stage) => string.Create(CultureInfo.InvariantCulture, $"{name};dur={timings[(Stage)stage] * 1000.0 / Stopwatch.Frequency:F3}")));
}

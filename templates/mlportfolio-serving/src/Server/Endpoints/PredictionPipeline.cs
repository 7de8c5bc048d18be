using System.Runtime.CompilerServices;

namespace PortfolioProject.Server;

/// <summary>One prediction from request to response, whatever the protocol: read, queue, parse, predict, record, write; each step timed.</summary>
internal sealed class PredictionPipeline(ServerContext context, IPredictor predictor)
{
    public delegate InferenceRequest Parse(ReadOnlySpan<byte> body, HttpContext http, ServedModel model);

    /// <summary>Writes the body; gives the length of the JSON if binary data follows it, else null.</summary>
    public delegate int? Write(ArrayBufferWriter<byte> body, ServedModel model, InferenceRequest request, ReadOnlyMemory<float> probabilities, Guid id);

    /// <summary>What an answer takes, about: a guess too low costs a copy.</summary>
    private const int BytesBesideNumbers = 512, BytesOfNumber = 16;
    private static readonly string[] StageNames = [.. Enum.GetNames<Stage>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private readonly LimitsConfig _limits = context.Config.Limits;

    public async Task RunAsync(HttpContext http, string endpoint, string? version, Parse parse, Write write)
    {
        var (timings, sticky) = (new StageTimings(), http.Request.Headers["X-Sticky-Key"] is { Count: 1 } keys ? keys.ToString() : null);
        var model = context.Models.Choose(sticky, version) ?? throw ProtocolEndpoints.NotReady(version);
        using var deadline = new Deadline(http, _limits.DeadlineMs);
        using var body = await Body.ReadAsync(http, _limits.BodyBytes, deadline);
        timings.End(Stage.Read);
        await context.Gate.EnterAsync(deadline);
        ArrayBufferWriter<byte> buffer;
        try
        {
            timings.End(Stage.Queue);
            using var request = parse(body.Span, http, model);
            timings.End(Stage.Parse);
            var length = request.Rows * model.Signature.Classes.Count;
            using var lent = MemoryPool<float>.Shared.Rent(length);
            var probabilities = lent.Memory[..length];
            var waited = await PredictAsync(model, request.Values, probabilities, deadline);
            timings.End(Stage.Model);
            timings.Move(Stage.Model, Stage.BatchWait, waited);
            var outcome = new PredictionOutcome(Guid.CreateVersion7(), context.Options.Clock.GetUtcNow(), model.Version, model.Role, context.Models.ClusterOf(sticky));
            context.Models.Answered(model, outcome, request.Values, probabilities);
            buffer = new ArrayBufferWriter<byte>(BytesBesideNumbers + (length * BytesOfNumber));
            Describe(http, model, outcome.Id, request.Rows, write(buffer, model, request, probabilities, outcome.Id));
        }
        finally
        {
            context.Gate.Exit();
        }

        timings.End(Stage.Write);
        http.Response.Headers["Server-Timing"] = ServerTiming(timings);
        await Answer.Bytes(http, 200, http.Response.ContentType!, buffer.WrittenMemory);
        timings.End(Stage.Write);
        context.Metrics.Predicted(endpoint, 200, timings);
        Telemetry.Observe(endpoint, timings);
    }

    private async ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, Deadline deadline)
    {
        try
        {
            return await predictor.PredictAsync(model, rows, probabilities, deadline);
        }
        catch (Exception)
        {
            context.Models.Failed(model);
            throw;
        }
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

    private static string ServerTiming(in StageTimings timings)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[192]);
        for (var stage = 0; stage < StageNames.Length; stage++)
        {
            text.AppendLiteral(stage == 0 ? "" : ", ");
            text.AppendLiteral(StageNames[stage]);
            text.AppendLiteral(";dur=");
            text.AppendFormatted(timings[(Stage)stage] * 1000.0 / Stopwatch.Frequency, "F3");
        }

        return text.ToStringAndClear();
    }
}

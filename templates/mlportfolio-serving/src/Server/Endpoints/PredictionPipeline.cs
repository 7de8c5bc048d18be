using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using PortfolioProject.Monitoring;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>One prediction from request to response, whatever the protocol: read, queue, parse, predict, record, write; each step timed.</summary>
internal sealed class PredictionPipeline(ServerContext context, IPredictor predictor, AdmissionGate gate)
{
    public delegate InferenceRequest Parse(ReadOnlySpan<byte> body, HttpContext http, ServedModel model);

    /// <summary>Writes the body; gives the length of the JSON if binary data follows it, else null.</summary>
    public delegate int? Write(ArrayBufferWriter<byte> body, ServedModel model, InferenceRequest request, ReadOnlySpan<float> probabilities, Guid id);

    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private readonly LimitsConfig _limits = context.Config.Limits;

    public async Task RunAsync(HttpContext http, string endpoint, string? version, Parse parse, Write write)
    {
        var timings = StageTimings.Start();
        var sticky = http.Request.Headers["X-Sticky-Key"] is { Count: 1 } keys ? keys.ToString() : null;
        if (context.Models.Choose(sticky, version) is not { } model)
        {
            var (status, message) = version is null ? (503, "model: not ready; GET /v2/health/ready says why") : (404, "version: no such version of this model that is ready");
            await Answer.Error(http, status, message);
            return;
        }

        using var deadline = new Deadline(http, TimeSpan.FromMilliseconds(_limits.DeadlineMs));
        using var body = await Body.ReadAsync(http, _limits.BodyBytes, deadline);
        timings.End(Stage.Read);
        if (!await gate.EnterAsync(deadline))
        {
            http.Response.Headers.RetryAfter = "1";
            await Answer.Error(http, 503, "the queue is full: see Retry-After");
            return;
        }

        ArrayBufferWriter<byte> buffer;
        int? header;
        try
        {
            timings.End(Stage.Queue);
            using var request = parse(body.Span, http, model);
            timings.End(Stage.Parse);
            var probabilities = ArrayPool<float>.Shared.Rent(request.Rows * model.Signature.Classes.Count);
            try
            {
                var answers = probabilities.AsMemory(0, request.Rows * model.Signature.Classes.Count);
                var waited = await PredictAsync(model, request.Values, answers, deadline);
                timings.End(Stage.Model);
                timings.Move(Stage.Model, Stage.BatchWait, waited);
                var outcome = new PredictionOutcome(Guid.CreateVersion7(), context.Options.Clock.GetUtcNow(), model.Version, model.Role, context.Models.ClusterOf(sticky));
                context.Models.Answered(model, outcome, request.Values, answers);
                (buffer, header) = Format(write, model, request, answers.Span, outcome.Id);
                Describe(http, model, outcome.Id, request.Rows);
            }
            finally
            {
                ArrayPool<float>.Shared.Return(probabilities);
            }
        }
        finally
        {
            gate.Exit();
        }

        timings.End(Stage.Write);
        var headers = http.Response.Headers;
        headers["Server-Timing"] = ServerTiming(timings);
        if (header is not null) headers["Inference-Header-Content-Length"] = header.Value.ToString(CultureInfo.InvariantCulture);
        await Answer.Bytes(http, 200, header is null ? "application/json" : "application/octet-stream", buffer.WrittenMemory);
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

    /// <summary>The buffer belongs to the thread: it has to be sent before the next wait.</summary>
    private static (ArrayBufferWriter<byte>, int?) Format(Write write, ServedModel model, InferenceRequest request, ReadOnlySpan<float> probabilities, Guid id)
    {
        if (_buffer is null or { Capacity: > KeptBytes }) _buffer = new ArrayBufferWriter<byte>(4096);
        _buffer.ResetWrittenCount();
        return (_buffer, write(_buffer, model, request, probabilities, id));
    }

    private static void Describe(HttpContext http, ServedModel model, Guid id, int rows)
    {
        var headers = http.Response.Headers;
        headers["X-Prediction-Id"] = id.ToString();
        headers["X-Model-Version"] = model.Version;
        headers["X-Model-Digest"] = model.Bundle.Digest;
        if (Activity.Current is { IsAllDataRequested: true } activity)
            activity.SetTag("prediction.id", id).SetTag("model.name", model.Signature.Name).SetTag("model.version", model.Version).SetTag("prediction.rows", rows);
    }

    private static string ServerTiming(in StageTimings timings)
    {
        double Milliseconds(Stage stage, in StageTimings t) => t[stage] * 1000.0 / Stopwatch.Frequency;
        return string.Create(CultureInfo.InvariantCulture, stackalloc char[192],
            $"read;dur={Milliseconds(Stage.Read, timings):F3}, queue;dur={Milliseconds(Stage.Queue, timings):F3}, parse;dur={Milliseconds(Stage.Parse, timings):F3}, batch-wait;dur={Milliseconds(Stage.BatchWait, timings):F3}, model;dur={Milliseconds(Stage.Model, timings):F3}, write;dur={Milliseconds(Stage.Write, timings):F3}");
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PortfolioProject.Monitoring;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>The simple JSON interface: predictions with names and an id, and feedback on them.</summary>
internal static class ProductEndpoints
{
    private const string Predict = "/api/predict", Feedback = "/api/feedback";
    private const int FeedbackBytes = 4096, KeyLength = 128;

    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, IEndpointRouteBuilder counted, ServerContext context, PredictionPipeline pipeline)
    {
        var limits = new ProtocolLimits(context.Config.Limits.Rows);
        var document = new Lazy<byte[]>(ReadDocument);
        open.MapGet("/openapi/v1.json", http => Answer.Json(http, 200, document.Value));
        PredictionPipeline.Parse parse = (body, _, model) => InferenceRequest.ParseRows(body, model.Signature, limits);
        counted.MapPost(Predict, http => pipeline.RunAsync(http, Predict, null, parse, Write));
        keyed.MapPost(Feedback, http => AcceptFeedbackAsync(http, context));
    }

    /// <summary>One row: the prediction itself; rows: {"predictions": […]}.</summary>
    private static int? Write(ArrayBufferWriter<byte> body, ServedModel model, InferenceRequest request, ReadOnlySpan<float> probabilities, Guid id)
    {
        using var json = new Utf8JsonWriter(body);
        var classes = model.Signature.Classes;
        json.WriteStartObject();
        if (!request.IsSingle) json.WriteStartArray("predictions"u8);
        for (var row = 0; row < request.Rows; row++)
        {
            if (!request.IsSingle) json.WriteStartObject();
            var own = probabilities.Slice(row * classes.Count, classes.Count);
            json.WriteString("predictionId"u8, new PredictionId(id, row).ToString());
            json.WriteString("label"u8, classes[ModelSignature.Likeliest(own)]);
            json.WriteStartObject("probabilities"u8);
            for (var k = 0; k < own.Length; k++) json.WriteNumber(classes[k], own[k]);
            json.WriteEndObject();
            if (!request.IsSingle) json.WriteEndObject();
        }

        if (!request.IsSingle) json.WriteEndArray();
        json.WriteStartObject("model"u8);
        json.WriteString("name"u8, model.Signature.Name);
        json.WriteString("version"u8, model.Version);
        json.WriteString("digest"u8, model.Bundle.Digest);
        json.WriteEndObject();
        json.WriteEndObject();
        return null;
    }

    private static async Task AcceptFeedbackAsync(HttpContext http, ServerContext context)
    {
        using var deadline = new Deadline(http, TimeSpan.FromMilliseconds(context.Config.Limits.DeadlineMs));
        string? prediction, label;
        using (var body = await Body.ReadAsync(http, FeedbackBytes, deadline)) (prediction, label) = FeedbackRequest.Parse(body.Span);
        var key = http.Request.Headers["Idempotency-Key"] is { Count: > 0 } keys ? keys.ToString() : null;
        if (key is { Length: 0 or > KeyLength }) throw new ProtocolException(400, "Idempotency-Key", "wrong length", $"1 to {KeyLength} characters", "another length");
        if (!PredictionId.TryParse(prediction, out var id)) throw new ProtocolException(400, "predictionId", "not an id", "the predictionId of an answer", "something else");
        if (context.Feedback.Find(id) is { } predicted && context.Models.Choose(null, predicted.Version)?.Signature.Classes.Contains(label) == false)
            throw new ProtocolException(400, "label", "not a class of the model", "one of its classes", "another text");
        var outcome = context.Feedback.Add(id, label, key);
        var (status, answer) = outcome switch
        {
            FeedbackOutcome.Accepted or FeedbackOutcome.Repeated => (200, "accepted"),
            FeedbackOutcome.UnknownPrediction => (404, "predictionId: the log has no such prediction, or not any more"),
            FeedbackOutcome.KeyReused => (409, "Idempotency-Key: used before with other content"),
            FeedbackOutcome.Full => (507, "feedback: the store is full"),
            _ => (503, "feedback: could not be written; send it again"),
        };
        await (status < 400 ? Answer.Json(http, status, Encoding.UTF8.GetBytes(new JsonObject { ["predictionId"] = $"{id}", ["status"] = answer }.ToJsonString())) : Answer.Error(http, status, answer));
    }

    private static byte[] ReadDocument()
    {
        using var stream = typeof(ProductEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }
}

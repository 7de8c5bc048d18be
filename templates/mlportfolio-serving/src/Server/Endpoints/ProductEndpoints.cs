using System.Text.Json.Nodes;

namespace PortfolioProject.Server;

/// <summary>The simple JSON interface: predictions with names and an id, and feedback on them.</summary>
internal static class ProductEndpoints
{
    private const string Predict = "/api/predict", Feedback = "/api/feedback", Document = "openapi.json", IdempotencyKey = "Idempotency-Key";
    private const int KeyLength = 128;

    private sealed record FeedbackBody(string PredictionId, string Label);

    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, ServerContext context, PredictionPipeline pipeline)
    {
        PredictionPipeline.Parse parse = (body, _, model) => InferenceRequest.ParseRows(body, model.Signature, context.Config.Limits.Rows);
        open.MapGet("/openapi/v1.json", http => Answer.Json(http, 200, DashboardPage.Resource(Document)));
        keyed.MapPost(Predict, http => pipeline.RunAsync(http, null, parse, Write));
        keyed.MapPost(Feedback, http => AcceptFeedbackAsync(http, context));
    }

    /// <summary>One row: the prediction itself; rows: {"predictions": […]}.</summary>
    private static int? Write(ArrayBufferWriter<byte> body, ServedModel model, InferenceRequest request, ReadOnlyMemory<float> probabilities, Guid id)
    {
        var classes = model.Signature.Classes;
        JsonObject Row(int row)
        {
            var own = probabilities.Slice(row * classes.Count, classes.Count).ToArray();
            return new()
            {
                ["predictionId"] = $"{new PredictionId(id, row)}",
                ["label"] = classes[Bundle.Likeliest(own)],
                ["probabilities"] = new JsonObject(classes.Zip(own, (name, p) => KeyValuePair.Create(name, (JsonNode?)p))),
            };
        }

        var answer = request.IsSingle ? Row(0) : new() { ["predictions"] = new JsonArray([.. Enumerable.Range(0, request.Rows).Select(Row)]) };
        answer["model"] = new JsonObject { ["name"] = model.Signature.Name, ["version"] = model.Version, ["digest"] = model.Bundle.Digest };
        using var json = new Utf8JsonWriter(body);
        answer.WriteTo(json);
        return null;
    }

    private static async Task AcceptFeedbackAsync(HttpContext http, ServerContext context)
    {
        var (prediction, label) = await Body.ReadObjectAsync<FeedbackBody>(http, context.Config.Limits.DeadlineMs, """{"predictionId": text, "label": text}""");
        var key = http.Request.Headers[IdempotencyKey] is { Count: > 0 } keys ? keys.ToString() : null;
        if (key is { Length: 0 or > KeyLength }) throw ProtocolException.Bad(IdempotencyKey, "wrong length", $"1 to {KeyLength} characters", "another length");
        if (!PredictionId.TryParse(prediction, out var id)) throw ProtocolException.Bad("predictionId", "not an id", "the predictionId of an answer", "something else");
        if (context.Feedback.Find(id) is { } predicted && context.Models.Choose(null, predicted.Version)?.Signature.Classes.Contains(label) == false)
            throw ProtocolException.Bad("label", "not a class of the model", "one of its classes", "another text");
        var refused = context.Feedback.Add(id, label, key) switch
        {
            FeedbackOutcome.Accepted or FeedbackOutcome.Repeated => null,
            FeedbackOutcome.UnknownPrediction => new ProtocolException(404, "predictionId: the log has no such prediction, or not any more"),
            FeedbackOutcome.KeyReused => new ProtocolException(409, IdempotencyKey + ": used before with other content"),
            FeedbackOutcome.Full => new ProtocolException(507, "feedback: the store is full"),
            _ => new ProtocolException(503, "feedback: could not be written; send it again") { RetryAfter = 1 },
        };
        if (refused is not null) throw refused;
        await Answer.Json(http, 200, Encoding.UTF8.GetBytes(new JsonObject { ["predictionId"] = $"{id}", ["status"] = "accepted" }.ToJsonString()));
    }
}

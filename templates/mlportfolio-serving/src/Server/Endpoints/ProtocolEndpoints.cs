namespace PortfolioProject.Server;

/// <summary>The paths of the Open Inference Protocol V2.</summary>
internal static class ProtocolEndpoints
{
    private const string ServerName = "portfolio-model-server", HeaderLength = "Inference-Header-Content-Length";
    private const string Model = "/v2/models/{model}", Version = Model + "/versions/{version}";
    private static readonly string[] Read = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, ServerContext context, PredictionPipeline pipeline)
    {
        var (models, rows) = (context.Models, context.Config.Limits.Rows);
        var server = Metadata.Server(ServerName, typeof(ProtocolEndpoints).Assembly.GetName().Version!.ToString(3));
        PredictionPipeline.Parse parse = (body, http, model) => InferenceRequest.Parse(body, JsonLength(http.Request), model.Signature, rows);
        PredictionPipeline.Write write = (body, model, request, probabilities, _) => InferenceResponse.Write(body, model.Signature, request, probabilities.Span);
        open.MapMethods("/v2/health/live", Read, http => Answer.Json(http, 200, Metadata.Live()));
        open.MapMethods("/v2/health/ready", Read, http => AnswerReady(http, models, null, null));
        keyed.MapMethods("/v2", Read, http => Answer.Json(http, 200, server));
        foreach (var path in new[] { Model, Version })
        {
            open.MapMethods(path + "/ready", Read, http => AnswerReady(http, models, models.Name, Known(http, models)));
            keyed.MapMethods(path, Read, http => AnswerMetadata(http, models, Known(http, models)));
            keyed.MapPost(path + "/infer", http => pipeline.RunAsync(http, Known(http, models), parse, write));
        }
    }

    public static ProtocolException NotReady(string? version) => new(503, (version is null ? "model" : "version") + ": not ready; GET …/ready says why") { RetryAfter = 1 };

    /// <summary>The version that the path names, if any. Names are compared with those that exist, never used as a path.</summary>
    private static string? Known(HttpContext http, ModelHost models)
    {
        var (name, version) = ((string?)http.Request.RouteValues["model"], (string?)http.Request.RouteValues["version"]);
        return name == models.Name && (version is null || models.Versions.Contains(version)) ? version : throw new ProtocolException(404, "path: no such model or version; the model's metadata lists its versions");
    }

    private static Task AnswerReady(HttpContext http, ModelHost models, string? name, string? version)
    {
        var (ready, problem) = models.State;
        if (ready && version is not null) (ready, problem) = models.Choose(null, version) is null ? (false, "this version cannot be loaded") : (true, null);
        return Answer.Json(http, ready ? 200 : 503, Metadata.Ready(name, ready, problem));
    }

    private static Task AnswerMetadata(HttpContext http, ModelHost models, string? version)
    {
        var model = models.Choose(null, version) ?? throw NotReady(version);
        return Answer.Json(http, 200, Metadata.Model(model.Signature, models.Versions, model.Bundle.Manifest.Engine + "_safetensors"));
    }

    private static int? JsonLength(HttpRequest request) => request.Headers[HeaderLength] is var values && values.Count == 0 ? null
        : int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : throw ProtocolException.Bad(HeaderLength, "not a length", "one whole number", "something else");
}

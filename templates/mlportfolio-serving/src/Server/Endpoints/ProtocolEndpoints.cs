using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>The paths of the Open Inference Protocol V2.</summary>
internal static class ProtocolEndpoints
{
    private const string ServerName = "portfolio-model-server", Infer = "/infer", Ready = "/ready";
    private const string Model = "/v2/models/{model}", Version = Model + "/versions/{version}";
    private static readonly string[] Read = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, IEndpointRouteBuilder counted, ServerContext context, PredictionPipeline pipeline)
    {
        var limits = new ProtocolLimits(context.Config.Limits.Rows);
        PredictionPipeline.Parse parse = (body, http, model) => InferenceRequest.Parse(body, HeaderLength(http.Request), model.Signature, limits);
        PredictionPipeline.Write write = (body, model, request, probabilities, _) => InferenceResponse.Write(body, model.Signature, request, probabilities);
        var serverVersion = typeof(ProtocolEndpoints).Assembly.GetName().Version!.ToString(3);
        open.MapMethods("/v2/health/live", Read, http => Answer.Json(http, 200, Metadata.Live()));
        open.MapMethods("/v2/health/ready", Read, http => AnswerReady(http, null, Problem(context, null)));
        keyed.MapMethods("/v2", Read, http => Answer.Json(http, 200, Metadata.Server(ServerName, serverVersion)));
        foreach (var path in new[] { Model, Version })
        {
            open.MapMethods(path + Ready, Read, http => IsKnown(http, context, out var version) ? AnswerReady(http, context.Models.Name, Problem(context, version)) : Unknown(http));
            keyed.MapMethods(path, Read, http => IsKnown(http, context, out var version) ? AnswerMetadata(http, context, version) : Unknown(http));
            var infer = path + Infer;
            counted.MapPost(infer, http => IsKnown(http, context, out var version) ? pipeline.RunAsync(http, infer, version, parse, write) : Unknown(http));
        }
    }

    /// <summary>Names are compared with those that exist, never used as a path.</summary>
    private static bool IsKnown(HttpContext http, ServerContext context, out string? version)
    {
        version = (string?)http.Request.RouteValues["version"];
        return (string?)http.Request.RouteValues["model"] == context.Models.Name && (version is null || context.Models.Versions.Contains(version));
    }

    private static Task Unknown(HttpContext http) => Answer.Error(http, 404, "path: no such model or version; GET /v2/models/{model} lists the versions");

    private static string? Problem(ServerContext context, string? version) =>
        !context.Models.State.Ready ? context.Models.State.Problem ?? "no model is loaded" : version is not null && context.Models.Choose(null, version) is null ? "this version cannot be loaded" : null;

    private static Task AnswerReady(HttpContext http, string? model, string? problem) => Answer.Json(http, problem is null ? 200 : 503, Metadata.Ready(model, problem));

    private static Task AnswerMetadata(HttpContext http, ServerContext context, string? version) => context.Models.Choose(null, version) is { } model
        ? Answer.Json(http, 200, Metadata.Model(model.Signature, context.Models.Versions, model.Bundle.Manifest.Engine + "_safetensors"))
        : Answer.Error(http, 503, "model: not ready; GET /v2/health/ready says why");

    private static int? HeaderLength(HttpRequest request)
    {
        var header = request.Headers["Inference-Header-Content-Length"];
        return header.Count == 0 ? null : header.Count == 1 && int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
            : throw new ProtocolException(400, "Inference-Header-Content-Length", "not a length", "one whole number", "something else");
    }
}

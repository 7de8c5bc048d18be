using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>For those who run the service: its state, its metrics, and who does what.</summary>
internal static class OperationsEndpoints
{
    private const int BodyBytes = 4096;
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, NumberHandling = 0 };

    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, IEndpointRouteBuilder admin, ServerContext context)
    {
        var (versions, status) = (new VersionControl(context), new StatusReport(context));
        open.MapGet("/metrics", http => Answer.Bytes(http, 200, Monitoring.PrometheusText.ContentType, MetricsPage.Write(context)));
        keyed.MapGet("/api/status", http => Answer.Json(http, 200, status.Write()));
        foreach (var (action, perform) in new (string, Func<VersionRequest, RegistryState>)[] { ("promote", versions.Promote), ("rollback", versions.RollBack), ("canary", versions.Canary), ("shadow", versions.Shadow), ("clear", versions.Clear) })
            admin.MapPost($"/api/admin/{action}", http => PerformAsync(http, context, perform));
    }

    private static async Task PerformAsync(HttpContext http, ServerContext context, Func<VersionRequest, RegistryState> perform)
    {
        VersionRequest? request;
        using var deadline = new Deadline(http, TimeSpan.FromMilliseconds(context.Config.Limits.DeadlineMs));
        using (var body = await Body.ReadAsync(http, BodyBytes, deadline))
        {
            try { request = body.Span.IsEmpty ? new VersionRequest() : JsonSerializer.Deserialize<VersionRequest>(body.Span, Strict); }
            catch (JsonException) { request = null; }
        }

        if (request is null) throw new ProtocolException(400, "body", "not understood", "{\"version\": text, \"share\": number} or less", "something else");
        try
        {
            await Answer.Json(http, 200, JsonSerializer.SerializeToUtf8Bytes(perform(request), StatusReport.Dialect));
        }
        catch (UserError e)
        {
            // 409: the request is understood, but the state of the versions forbids it.
            await Answer.Error(http, e.Field == "version" ? 404 : e.Field is null ? 409 : 400, e.Message);
        }
    }
}

/// <summary>What an admin asks for. Share: the canary's, above 0 and at most 1.</summary>
internal sealed record VersionRequest(string? Version = null, double? Share = null);

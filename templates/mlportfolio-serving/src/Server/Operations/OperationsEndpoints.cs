namespace PortfolioProject.Server;

/// <summary>For those who run the service: its state, its metrics, and who does what.</summary>
internal static class OperationsEndpoints
{
    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, IEndpointRouteBuilder admin, ServerContext context)
    {
        var (versions, status) = (new VersionControl(context), new StatusReport(context));
        open.MapGet("/metrics", http => Answer.Bytes(http, 200, Monitoring.PrometheusText.ContentType, MetricsPage.Write(context)));
        keyed.MapGet("/api/status", http => Answer.Json(http, 200, status.Write()));
        foreach (var (action, perform) in new (string, Func<VersionRequest, RegistryState>)[] { ("promote", versions.Promote), ("rollback", versions.RollBack), ("canary", versions.Canary), ("shadow", versions.Shadow), ("clear", versions.Clear) })
            admin.MapPost($"/api/admin/{action}", async http =>
            {
                var request = await Body.ReadObjectAsync<VersionRequest>(http, context.Config.Limits.DeadlineMs, """{"version": text, "share": number} or less""");
                await Answer.Json(http, 200, JsonSerializer.SerializeToUtf8Bytes(perform(request), StatusReport.Dialect));
            });
    }
}

/// <summary>What an admin asks for. Share: the canary's, above 0 and at most 1.</summary>
internal sealed record VersionRequest(string? Version = null, double? Share = null);

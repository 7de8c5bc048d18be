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
            admin.MapPost($"/api/admin/{action}", http => PerformAsync(http, context, perform));
    }

    private static async Task PerformAsync(HttpContext http, ServerContext context, Func<VersionRequest, RegistryState> perform)
    {
        var request = await Body.ReadObjectAsync<VersionRequest>(http, context.Config.Limits.DeadlineMs, """{"version": text, "share": number} or less""");
        try
        {
            await Answer.Json(http, 200, JsonSerializer.SerializeToUtf8Bytes(perform(request), StatusReport.Dialect));
        }
        catch (UserError e)
        {
            // 409: the request is understood, but the state of the versions forbids it.
            throw new ProtocolException(e.Field == "version" ? 404 : e.Field is null ? 409 : 400, e.Message);
        }
    }
}

/// <summary>What an admin asks for. Share: the canary's, above 0 and at most 1.</summary>
internal sealed record VersionRequest(string? Version = null, double? Share = null);

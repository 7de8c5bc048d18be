using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using PortfolioProject.Monitoring;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>What an endpoint asks of its caller. Counts: it counts its own successful answers.</summary>
internal sealed record Requires(Access Access, bool Counts = false);

/// <summary>What every request passes: security headers, keys, rate limit, and the promise that no error has an empty body or tells too much.</summary>
internal sealed partial class Edge : IDisposable
{
    private readonly ApiKeys _keys;
    private readonly RequestMetrics _metrics;
    private readonly Drain _drain;
    private readonly ILogger _logger;
    private readonly bool _logRequests;
    private readonly RateLimiter[] _limiters;

    public Edge(ServerOptions options, RequestMetrics metrics, Drain drain, ILogger logger)
    {
        (_keys, _metrics, _drain, _logger, _logRequests) = (options.Keys, metrics, drain, logger, options.Config.LogRequests);
        var rate = options.Config.Limits.RatePerSecond;
        // One bucket a key, and the last for those who need none.
        _limiters = rate == 0 ? [] : [.. Enumerable.Range(0, _keys.Count + 1).Select(_ => new TokenBucketRateLimiter(new()
        {
            TokenLimit = rate,
            TokensPerPeriod = Math.Max(1, rate / 10),
            ReplenishmentPeriod = TimeSpan.FromSeconds(rate < 10 ? 1.0 / rate : 0.1),
            AutoReplenishment = true,
        }))];
    }

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var (endpoint, start) = (http.GetEndpoint() as RouteEndpoint, Stopwatch.GetTimestamp());
        var requires = endpoint?.Metadata.GetMetadata<Requires>();
        _drain.Enter();
        try
        {
            SetHeaders(http.Response.Headers);
            if (requires is null or { Access: Access.Open } || await AdmitAsync(http, requires.Access)) await next(http);
            var response = http.Response;
            if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null) await Answer.Error(http, response.StatusCode, Meaning(response.StatusCode));
        }
        catch (Exception e)
        {
            await FailAsync(http, e);
        }
        finally
        {
            _drain.Exit();
        }

        var (name, status) = (endpoint?.RoutePattern.RawText ?? "other", http.Response.StatusCode);
        if (status >= 400 || requires is not { Counts: true }) _metrics.Counted(name, status, status >= 400 ? Answer.ErrorOf(http) : null);
        if (_logRequests) Answered(name, status, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    public void Dispose() => Array.ForEach(_limiters, limiter => limiter.Dispose());

    private void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (_drain.IsDraining) headers.Connection = "close";
    }

    private async ValueTask<bool> AdmitAsync(HttpContext http, Access required)
    {
        var (access, key) = _keys.Identify(http.Request);
        if (_keys.Count == 0 && !IsLocal(http.Request))
            await Answer.Error(http, 403, "Host, Origin: without keys only pages and programs of this machine are answered");
        else if (access < required)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await Answer.Error(http, access == Access.Open ? 401 : 403, $"Authorization: expected Bearer and the {required.ToString().ToLowerInvariant()} key (or X-Api-Key), got {(access == Access.Open ? "none that is known" : "another key")}");
        }
        else if (_limiters.Length > 0 && _limiters[key < 0 ? ^1 : key].AttemptAcquire() is { IsAcquired: false } lease)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait.TotalSeconds : 1).ToString(CultureInfo.InvariantCulture);
            await Answer.Error(http, 429, "too many requests with this key: see Retry-After");
        }
        else return true;
        return false;
    }

    /// <summary>Without keys a page of another site must not reach the service through its reader's browser, by name or by address.</summary>
    private static bool IsLocal(HttpRequest request) =>
        (request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host, out var address) && IPAddress.IsLoopback(address)))
        && (request.Headers.Origin.Count == 0 || (Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value));

    private async Task FailAsync(HttpContext http, Exception e)
    {
        if (e is ConnectionResetException or ConnectionAbortedException || (e is OperationCanceledException && http.RequestAborted.IsCancellationRequested)) return;
        var (status, message) = e switch
        {
            ProtocolException refused => (refused.Status, refused.Message),
            BadHttpRequestException { StatusCode: var code } => (code, "body: could not be read; " + Meaning(code)),
            OperationCanceledException => (503, "the deadline passed before the prediction was made: see Retry-After"),
            _ => (500, $"internal error; the log has it under trace {Activity.Current?.TraceId}"),
        };
        if (status == 500) Failed(e);
        if (status == 503) http.Response.Headers.RetryAfter = "1";
        if (http.Response.HasStarted) http.Abort();
        else await Answer.Error(http, status, message);
    }

    private static string Meaning(int status) => status switch
    {
        404 => "path: no such resource; GET /openapi/v1.json lists them",
        405 => "method: not one that this path takes; see Allow",
        408 => "the request came too slowly",
        413 => "too large",
        415 => "the media type is not supported",
        _ => "the request was refused",
    };

    [LoggerMessage(1, LogLevel.Information, "Answered {Endpoint} with {Status} after {Milliseconds} ms")]
    private partial void Answered(string endpoint, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "A request failed")]
    private partial void Failed(Exception e);
}

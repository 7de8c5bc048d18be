namespace PortfolioProject.Server;

/// <summary>What an endpoint asks of its caller.</summary>
internal sealed record Requires(Access Access);

/// <summary>What every request passes: security headers, keys, rate limit, and the promise that no error has an empty body or tells too much.</summary>
internal sealed class Edge(ServerOptions options, RequestMetrics metrics, Drain drain, ILogger logger) : IDisposable
{
    /// <summary>One bucket a key, and one for those who need none; null without a limit.</summary>
    private readonly PartitionedRateLimiter<int>? _rate = options.Config.Limits.RatePerSecond is var rate and > 0 ? PartitionedRateLimiter.Create<int, int>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = rate,
        TokensPerPeriod = Math.Max(1, rate / 10),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(0.1, 1.0 / rate)),
    })) : null;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var (endpoint, start, error) = (http.GetEndpoint() as RouteEndpoint, Stopwatch.GetTimestamp(), (string?)null);
        var requires = endpoint?.Metadata.GetMetadata<Requires>();
        drain.Enter();
        try
        {
            SetHeaders(http.Response.Headers);
            if (requires is { Access: > Access.Open }) Admit(http, requires.Access);
            await next(http);
            if (http.Response is { StatusCode: >= 400 and var empty, HasStarted: false, ContentLength: null })
                throw new ProtocolException(empty, empty == 405 ? "method: not one that this path takes; see Allow" : "path: no such resource; GET /openapi/v1.json lists them");
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException || (e is OperationCanceledException && http.RequestAborted.IsCancellationRequested)) { return; }
        catch (Exception e)
        {
            error = await AnswerAsync(http, e);
        }
        finally
        {
            drain.Exit();
        }

        var (name, status) = (endpoint?.RoutePattern.RawText ?? "other", http.Response.StatusCode);
        if (error is not null || http.Features.Get<StageTimings>() is not { } timings) metrics.Counted(name, status, error);
        else
        {
            metrics.Predicted(name, status, timings);
            Telemetry.Observe(name, timings);
        }

        if (options.Config.LogRequests) logger.LogInformation("Answered {Endpoint} with {Status} after {Milliseconds} ms", name, status, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    public void Dispose() => _rate?.Dispose();

    private void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (drain.IsDraining) headers.Connection = "close";
    }

    private void Admit(HttpContext http, Access required)
    {
        if (options.Keys.Count == 0 && !IsLocal(http.Request)) throw new ProtocolException(403, "Host, Origin: without keys only pages and programs of this machine are answered");
        var (access, key) = options.Keys.Identify(http.Request);
        if (access < required)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw ProtocolException.Bad("Authorization", "no access", $"Bearer and the {required.ToString().ToLowerInvariant()} key (or X-Api-Key)", access == Access.Open ? "none that is known" : "another key", access == Access.Open ? 401 : 403);
        }

        if (_rate?.AttemptAcquire(key) is { IsAcquired: false } lease)
            throw new ProtocolException(429, "too many requests with this key: see Retry-After") { RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1 };
    }

    /// <summary>Without keys a page of another site must not reach the service through its reader's browser, by name or by address.</summary>
    private static bool IsLocal(HttpRequest request) =>
        (request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host, out var address) && IPAddress.IsLoopback(address)))
        && (request.Headers.Origin.Count == 0 || (Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value));

    /// <summary>The one place that writes errors: {"error": …}. Gives the message.</summary>
    private async Task<string> AnswerAsync(HttpContext http, Exception e)
    {
        var refused = e switch
        {
            ProtocolException known => known,
            // 409: the request is understood, but the state of the versions forbids it.
            UserError { Field: var field } => new ProtocolException(field == "version" ? 404 : field is null ? 409 : 400, e.Message),
            BadHttpRequestException { StatusCode: var code } => new ProtocolException(code, "body: could not be read"),
            OperationCanceledException => new ProtocolException(503, "the deadline passed before the prediction was made: see Retry-After") { RetryAfter = 1 },
            _ => new ProtocolException(500, $"internal error; the log has it under trace {Activity.Current?.TraceId}"),
        };
        if (refused.Status == 500) logger.LogError(e, "A request failed");
        if (refused.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        if (http.Response.HasStarted) http.Abort();
        else await Answer.Json(http, refused.Status, Metadata.Error(refused.Message));
        return refused.Message;
    }
}

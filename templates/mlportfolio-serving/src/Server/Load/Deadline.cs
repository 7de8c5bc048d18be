namespace PortfolioProject.Server;

/// <summary>Until when a request has to have its prediction. The token is made when something first waits: most requests never do.</summary>
public sealed class Deadline(HttpContext http, int milliseconds) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private CancellationTokenSource? _source;

    /// <summary>Cancelled when the time is up or the caller has gone.</summary>
    public CancellationToken Token => (_source ??= Start()).Token;

    public void Dispose() => _source?.Dispose();

    private CancellationTokenSource Start()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        source.CancelAfter(Math.Max(0, milliseconds - (int)Stopwatch.GetElapsedTime(_start).TotalMilliseconds));
        return source;
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace PortfolioProject.Server;

/// <summary>Until when a request has to have its prediction. The token is made when something first waits: most requests never do.</summary>
public sealed class Deadline(HttpContext http, TimeSpan limit) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private CancellationTokenSource? _source;

    /// <summary>Cancelled when the time is up or the caller has gone.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_source is not null) return _source.Token;
            var left = limit - Stopwatch.GetElapsedTime(_start);
            _source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            _source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            return _source.Token;
        }
    }

    public void Dispose() => _source?.Dispose();
}

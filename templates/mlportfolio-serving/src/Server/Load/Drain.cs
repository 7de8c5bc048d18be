using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace PortfolioProject.Server;

/// <summary>
/// A shutdown that loses nothing: the listening sockets close first, so that a caller who connects now is refused before it has sent anything;
/// open connections are answered, each answer saying that it is the last; the server stops when all are closed, or nothing has come for a while.
/// </summary>
internal sealed class Drain(IOptions<SocketTransportOptions> options, ILoggerFactory logs) : IConnectionListenerFactory
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250), Patience = TimeSpan.FromSeconds(2), Step = TimeSpan.FromMilliseconds(10);

    private readonly SocketTransportFactory _sockets = new(options, logs);
    private readonly List<IConnectionListener> _listeners = [];
    private long _lastRequest;
    private int _inFlight, _connections;

    public bool IsDraining { get; private set; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        _listeners.Add(await _sockets.BindAsync(endpoint, cancellationToken));
        return _listeners[^1];
    }

    /// <summary>Counts the connections that are open.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _connections);
        try { await next(connection); }
        finally { Interlocked.Decrement(ref _connections); }
    };

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Exit()
    {
        if (IsDraining) Volatile.Write(ref _lastRequest, Stopwatch.GetTimestamp());
        Interlocked.Decrement(ref _inFlight);
    }

    public async Task RunAsync(TimeSpan limit)
    {
        // Only then are callers told to leave: one that came back at once would stand in a queue that is about to be thrown away.
        foreach (var listener in _listeners) await listener.UnbindAsync();
        var start = _lastRequest = Stopwatch.GetTimestamp();
        IsDraining = true;
        while (Stopwatch.GetElapsedTime(start) < limit && (InFlight > 0 || Stopwatch.GetElapsedTime(Volatile.Read(ref _lastRequest)) < (Volatile.Read(ref _connections) > 0 ? Patience : Quiet))) await Task.Delay(Step);
    }
}

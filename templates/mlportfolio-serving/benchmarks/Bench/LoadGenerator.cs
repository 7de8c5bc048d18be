using System.Net.Sockets;
using System.Threading.Channels;

namespace PortfolioProject.Bench;

/// <summary>What a load met: requests answered with 200, requests that were not, seconds, and milliseconds from when each was due to its answer, sorted.</summary>
internal sealed record LoadResult(int Answered, int Failed, double Seconds, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Answered / Seconds;

    public double Percentile(double p) => Milliseconds.Count == 0 ? double.NaN : Statistics.NearestRank(Milliseconds, p);
}

/// <summary>
/// Sends one request over and over. Open loop: arrivals are drawn beforehand (Poisson), whatever the server does, and a latency counts from when its request was
/// due, so that a stall is charged to every request that waited for it (no coordinated omission). Closed loop: each connection asks again as soon as it is answered.
/// </summary>
internal static class LoadGenerator
{
    /// <summary>However slow the server: percentiles of fewer would say nothing.</summary>
    private const int LeastArrivals = 20;

    public static async Task<LoadResult> OpenAsync(Uri server, byte[] request, int connections, double perSecond, TimeSpan length, RandomStream arrivals, CancellationToken cancel)
    {
        var due = new List<double>();
        for (var t = 0.0; (t -= Math.Log(1 - arrivals.Unit()) / perSecond) < length.TotalSeconds || due.Count < LeastArrivals;) due.Add(t);
        var (queue, start) = (Channel.CreateUnbounded<long>(new() { SingleWriter = true }), Stopwatch.GetTimestamp());
        var load = RunAsync(server, request, connections, async () => await queue.Reader.WaitToReadAsync(cancel) ? queue.Reader.TryRead(out var at) ? at : 0 : null, cancel);
        await Task.Factory.StartNew(() =>
        {
            foreach (var at in due.Select(seconds => start + (long)(seconds * Stopwatch.Frequency)))
            {
                // A timer is a millisecond coarse: the last two are waited out by yielding.
                for (long left; (left = at - Stopwatch.GetTimestamp()) > 0 && !cancel.IsCancellationRequested;) Thread.Sleep(left > Stopwatch.Frequency / 500 ? 1 : 0);
                queue.Writer.TryWrite(at);
            }

            queue.Writer.Complete();
        }, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await load;
    }

    /// <param name="enough">Asked when the time is over: whether that was long enough.</param>
    public static Task<LoadResult> ClosedAsync(Uri server, byte[] request, int connections, TimeSpan length, CancellationToken cancel, Func<bool>? enough = null)
    {
        var (end, first) = (Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency), connections);
        return RunAsync(server, request, connections, () => ValueTask.FromResult<long?>(Stopwatch.GetTimestamp() is var now && (now < end || Interlocked.Decrement(ref first) >= 0 || enough?.Invoke() == false) ? now : null), cancel);
    }

    /// <param name="next">When the next request is due: null when there is none, 0 when another connection took it.</param>
    private static async Task<LoadResult> RunAsync(Uri server, byte[] request, int connections, Func<ValueTask<long?>> next, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ConnectAsync(server, request, next, cancel), cancel)));
        var times = done.SelectMany(d => d.Times).Order().ToArray();
        return new LoadResult(times.Length, done.Sum(d => d.Failed), Stopwatch.GetElapsedTime(start).TotalSeconds, times);
    }

    private static async Task<(List<double> Times, int Failed)> ConnectAsync(Uri server, byte[] request, Func<ValueTask<long?>> next, CancellationToken cancel)
    {
        var (times, failed, connection) = (new List<double>(), 0, new LoadConnection(server, request));
        while (await next() is { } due)
        {
            if (due == 0) continue;
            try
            {
                if (await connection.ExchangeAsync(cancel) == 200) times.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                else failed++;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                failed++;
                connection.Dispose();
                connection = new LoadConnection(server, request);
            }
        }

        connection.Dispose();
        return (times, failed);
    }
}

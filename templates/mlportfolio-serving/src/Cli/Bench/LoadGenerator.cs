using System.Net.Sockets;
using System.Threading.Channels;

namespace PortfolioProject.Cli;

/// <summary>What a load met: how many requests were answered with 200, how many were not, seconds, and milliseconds from when each was due to its answer, sorted.</summary>
internal sealed record LoadResult(int Answered, int Failed, double Seconds, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Answered / Seconds;

    public double Percentile(double p) => Milliseconds.Count == 0 ? double.NaN : Statistics.NearestRank([.. Milliseconds], p);
}

/// <summary>
/// Sends one request over and over. Open loop: arrivals are drawn beforehand (Poisson), whatever the server does, and a latency counts from when its request was
/// due, so that a stall is charged to every request that waited for it (no coordinated omission). Closed loop: each connection asks again as soon as it is answered.
/// </summary>
internal static class LoadGenerator
{
    public static Task<LoadResult> OpenAsync(Uri server, byte[] request, int connections, double perSecond, TimeSpan length, RandomStream arrivals, CancellationToken cancel)
    {
        var due = new List<long>();
        for (var t = 0.0; (t -= Math.Log(1 - arrivals.Unit()) / perSecond) < length.TotalSeconds;) due.Add((long)(t * Stopwatch.Frequency));
        return RunAsync(server, request, connections, cancel, (start, queue) =>
        {
            foreach (var offset in due)
            {
                WaitUntil(start + offset, cancel);
                queue.TryWrite(start + offset);
            }
        });
    }

    public static Task<LoadResult> ClosedAsync(Uri server, byte[] request, int connections, TimeSpan length, CancellationToken cancel) => RunAsync(server, request, connections, cancel, null, length);

    private static async Task<LoadResult> RunAsync(Uri server, byte[] request, int connections, CancellationToken cancel, Action<long, ChannelWriter<long>>? schedule, TimeSpan length = default)
    {
        var due = Channel.CreateUnbounded<long>(new() { SingleWriter = true });
        var start = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, connections).Select(_ => Task.Run(() => WorkAsync(server, request, due.Reader, schedule is null ? start + (long)(length.TotalSeconds * Stopwatch.Frequency) : null, cancel), cancel)).ToList();
        if (schedule is not null)
        {
            await Task.Factory.StartNew(() => schedule(start, due.Writer), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            due.Writer.Complete();
        }

        var done = await Task.WhenAll(workers);
        var times = done.SelectMany(d => d.Times).Order().ToArray();
        return new LoadResult(times.Length, done.Sum(d => d.Failed), Stopwatch.GetElapsedTime(start).TotalSeconds, times);
    }

    /// <summary>One connection: takes requests as they fall due, or, with an end, one after the other until then.</summary>
    private static async Task<(List<double> Times, int Failed)> WorkAsync(Uri server, byte[] request, ChannelReader<long> due, long? end, CancellationToken cancel)
    {
        var (times, failed) = (new List<double>(), 0);
        var connection = new LoadConnection(server, request);
        try
        {
            while (end is { } stop ? Stopwatch.GetTimestamp() < stop : await due.WaitToReadAsync(cancel))
            {
                var began = Stopwatch.GetTimestamp();
                if (end is null && !due.TryRead(out began)) continue;
                try
                {
                    if (await connection.ExchangeAsync(cancel) == 200) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    else failed++;
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    failed++;
                    connection.Dispose();
                    connection = new LoadConnection(server, request);
                }
            }
        }
        finally { connection.Dispose(); }
        return (times, failed);
    }

    /// <summary>Sleeps while there is time and then yields: timers are a millisecond coarse.</summary>
    private static void WaitUntil(long time, CancellationToken cancel)
    {
        for (long left; (left = time - Stopwatch.GetTimestamp()) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            Thread.Sleep(left > Stopwatch.Frequency / 500 ? 1 : 0);
        }
    }
}

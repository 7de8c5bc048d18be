namespace PortfolioProject.Monitoring;

/// <summary>A request that was refused or failed. Message: what the caller was told, which never holds the caller's values.</summary>
public sealed record RecentError(DateTimeOffset At, string Path, int Status, string Message);

/// <summary>Durations of one stage (or "total") in milliseconds; null without requests.</summary>
public sealed record StageLatency(string Stage, long N, double? P50, double? P95, double? P99);

/// <summary>
/// Since the start: Total predictions answered, requests Failed (5xx), Refused (4xx) and Shed (429, 503). PerSecond and Latency: in the last
/// minute, or as much of it as was observed.
/// </summary>
public sealed record Traffic(long InFlight, long Total, long Failed, long Refused, long Shed, double WindowSeconds, double PerSecond, IReadOnlyList<StageLatency> Latency);

/// <summary>Counts and times requests. Observing costs some atomic additions; everything else is computed when it is asked for. Thread-safe.</summary>
public sealed class RequestMetrics
{
    private const int KeptErrors = 50;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1), Apart = TimeSpan.FromSeconds(1);

    private static readonly string[] Stages = ["total", .. Enum.GetNames<Stage>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private readonly ConcurrentDictionary<(string Endpoint, int Status), StrongBox<long>> _requests = [];
    private readonly LatencyHistogram[] _durations = [.. Stages.Select(_ => new LatencyHistogram())];
    private readonly ConcurrentQueue<RecentError> _errors = [];
    private readonly Queue<(long At, long[][] Counts)> _past = [];
    private readonly Lock _gate = new();

    public RequestMetrics() => _past.Enqueue((Stopwatch.GetTimestamp(), Snapshot()));

    /// <summary>The newest last.</summary>
    public IReadOnlyList<RecentError> RecentErrors => [.. _errors];

    /// <summary>An answered prediction request.</summary>
    public void Predicted(string endpoint, int status, in StageTimings timings)
    {
        Counted(endpoint, status);
        _durations[0].Observe(timings.Total);
        for (var stage = 0; stage < StageTimings.Stages; stage++)
            if (timings[(Stage)stage] > 0) _durations[stage + 1].Observe(timings[(Stage)stage]);
    }

    /// <summary>Any other answer, and each one that is an error (whose message is kept for a while).</summary>
    public void Counted(string endpoint, int status, string? error = null)
    {
        Interlocked.Increment(ref _requests.GetOrAdd((endpoint, status), _ => new StrongBox<long>()).Value);
        if (error is null) return;
        _errors.Enqueue(new RecentError(DateTimeOffset.UtcNow, endpoint, status, error));
        while (_errors.Count > KeptErrors) _errors.TryDequeue(out _);
    }

    /// <summary>Compares with what was counted about a minute ago, as far as this was asked for then.</summary>
    public Traffic Report(int inFlight)
    {
        lock (_gate)
        {
            var (now, counts) = (Stopwatch.GetTimestamp(), Snapshot());
            while (_past.Count > 1 && Stopwatch.GetElapsedTime(_past.Peek().At, now) > Window) _past.Dequeue();
            var (since, before) = _past.Peek();
            if (Stopwatch.GetElapsedTime(_past.Last().At, now) >= Apart) _past.Enqueue((now, counts));
            var recent = counts.Zip(before, (after, earlier) => after.Zip(earlier, (x, y) => x - y).ToList()).ToList();
            var seconds = Stopwatch.GetElapsedTime(since, now).TotalSeconds;
            return new Traffic(inFlight, counts[0].Sum(), Sum(s => s >= 500 && s != 503), Sum(s => s is >= 400 and < 500 and not 429), Sum(s => s is 429 or 503), seconds, recent[0].Sum() / seconds,
                [.. Stages.Zip(recent, (name, c) => new StageLatency(name, c.Sum(), LatencyHistogram.Quantile(c, 0.5) * 1000, LatencyHistogram.Quantile(c, 0.95) * 1000, LatencyHistogram.Quantile(c, 0.99) * 1000))]);
        }

        long Sum(Func<int, bool> status) => _requests.Where(r => status(r.Key.Status)).Sum(r => Interlocked.Read(ref r.Value.Value));
    }

    public void WriteTo(PrometheusText text)
    {
        text.Family("serving_requests_total", "counter", "Requests answered, by endpoint and status.");
        foreach (var ((endpoint, status), count) in _requests.OrderBy(r => r.Key))
            text.Sample("serving_requests_total", Interlocked.Read(ref count.Value), ("endpoint", endpoint), ("status", $"{status}"));
        text.Family("serving_request_duration_seconds", "histogram", "Time from the first byte read to the last byte written of a prediction.")
            .Histogram("serving_request_duration_seconds", _durations[0]);
        text.Family("serving_stage_duration_seconds", "histogram", "Time of a prediction by stage.");
        foreach (var (stage, histogram) in Stages.Zip(_durations).Skip(1)) text.Histogram("serving_stage_duration_seconds", histogram, ("stage", stage));
    }

    private long[][] Snapshot() => [.. _durations.Select(d => d.Snapshot())];
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace PortfolioProject.Monitoring;

/// <summary>A request that was refused or failed. Message: what the caller was told, which never holds the caller's values.</summary>
public sealed record RecentError(DateTimeOffset At, string Endpoint, int Status, string Message);

/// <summary>The last minute, or as much as was observed. Quantiles in milliseconds, null without requests.</summary>
public sealed record Throughput(double Seconds, double RequestsPerSecond, double ErrorsPerSecond, double? P50, double? P95, double? P99);

/// <summary>Counts and times requests. Observing costs some atomic additions; everything else is computed when it is asked for. Thread-safe.</summary>
public sealed class RequestMetrics
{
    private const int KeptErrors = 50;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1), Apart = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Endpoint, int Status), StrongCounter> _requests = [];
    private readonly LatencyHistogram _total = new();
    private readonly LatencyHistogram[] _stages = [.. Enumerable.Range(0, StageTimings.Stages).Select(_ => new LatencyHistogram())];
    private readonly ConcurrentQueue<RecentError> _errors = [];
    private readonly Queue<(long At, long[] Counts, long Errors)> _past = [];
    private readonly Lock _gate = new();

    public RequestMetrics() => _past.Enqueue((Stopwatch.GetTimestamp(), _total.Snapshot(), 0));

    /// <summary>The newest last.</summary>
    public IReadOnlyList<RecentError> RecentErrors => [.. _errors];

    /// <summary>An answered prediction request.</summary>
    public void Predicted(string endpoint, int status, in StageTimings timings)
    {
        Counted(endpoint, status);
        _total.Observe(timings.Total);
        for (var stage = 0; stage < _stages.Length; stage++)
            if (timings[(Stage)stage] > 0) _stages[stage].Observe(timings[(Stage)stage]);
    }

    /// <summary>Any other answer, and each one that is an error (whose message is kept for a while).</summary>
    public void Counted(string endpoint, int status, string? error = null)
    {
        Interlocked.Increment(ref _requests.GetOrAdd((endpoint, status), _ => new StrongCounter()).Value);
        if (error is null) return;
        _errors.Enqueue(new RecentError(DateTimeOffset.UtcNow, endpoint, status, error));
        while (_errors.Count > KeptErrors) _errors.TryDequeue(out _);
    }

    /// <summary>Compares with what was counted about a minute ago, or when this was asked for before.</summary>
    public Throughput LastMinute()
    {
        lock (_gate)
        {
            var (now, counts, errors) = (Stopwatch.GetTimestamp(), _total.Snapshot(), _requests.Where(r => r.Key.Status >= 500).Sum(r => Interlocked.Read(ref r.Value.Value)));
            while (_past.Count > 1 && Stopwatch.GetElapsedTime(_past.Peek().At, now) > Window) _past.Dequeue();
            var (since, before, errorsBefore) = _past.Peek();
            if (Stopwatch.GetElapsedTime(_past.Last().At, now) >= Apart) _past.Enqueue((now, counts, errors));
            var (seconds, recent) = (Stopwatch.GetElapsedTime(since, now).TotalSeconds, counts.Zip(before, (x, y) => x - y).ToList());
            return new Throughput(seconds, recent.Sum() / seconds, (errors - errorsBefore) / seconds, Quantile(0.5), Quantile(0.95), Quantile(0.99));

            double? Quantile(double p) => LatencyHistogram.Quantile(recent, p) * 1000;
        }
    }

    public void WriteTo(PrometheusText text)
    {
        text.Family("serving_requests_total", "counter", "Requests answered, by endpoint and status.");
        foreach (var ((endpoint, status), count) in _requests.OrderBy(r => r.Key))
            text.Sample("serving_requests_total", Interlocked.Read(ref count.Value), ("endpoint", endpoint), ("status", $"{status}"));
        text.Family("serving_request_duration_seconds", "histogram", "Time from the first byte read to the last byte written of a prediction.")
            .Histogram("serving_request_duration_seconds", _total);
        text.Family("serving_stage_duration_seconds", "histogram", "Time of a prediction by stage.");
        foreach (var stage in Enum.GetValues<Stage>())
            text.Histogram("serving_stage_duration_seconds", _stages[(int)stage], ("stage", System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName($"{stage}")));
    }

    private sealed class StrongCounter
    {
        public long Value;
    }
}

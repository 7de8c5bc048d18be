using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace PortfolioProject.Models;

/// <summary>How an answer came: milliseconds of the try that succeeded, tries before it, and whether it came from a cassette (then both are the original's).</summary>
public sealed record CallFacts(double Milliseconds, int Retries, bool Replayed = false)
{
    /// <summary>A response read back from a file holds them as JSON.</summary>
    public static CallFacts Of(ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault("call") is var facts && facts is JsonElement json
        ? json.Deserialize<CallFacts>(AIJsonUtilities.DefaultOptions)! : facts as CallFacts ?? new(0, 0);

    internal ChatResponse AttachTo(ChatResponse response)
    {
        (response.AdditionalProperties ??= [])["call"] = this;
        return response;
    }
}

/// <summary>
/// Bounds calls in flight, their rate, their duration and their tries, over all clients that share it. A failure that may pass is tried again
/// after Retry-After, or after an exponential pause with jitter from the seed's stream 50.
/// </summary>
internal sealed class CallPolicy(CallConfig config, long seed)
{
    private readonly SemaphoreSlim _slots = new(WithRoom(config.MaxParallel));
    private readonly RandomStream _jitter = new(seed, 50);
    private readonly Lock _gate = new();
    private long _turn;

    private ResiliencePipeline Limit => field ??= new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(config.TimeoutSeconds)).Build();

    private ResiliencePipeline Retry => field ??= config.MaxTries == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        MaxRetryAttempts = config.MaxTries - 1,
        ShouldHandle = new PredicateBuilder().Handle<ModelCallException>(e => e.Kind != FailureKind.Rejected && !(e.RetryAfter?.TotalSeconds > config.MaxDelaySeconds)),
        DelayGenerator = a => new(((ModelCallException)a.Outcome.Exception!).RetryAfter),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromSeconds(config.FirstDelaySeconds),
        MaxDelay = TimeSpan.FromSeconds(config.MaxDelaySeconds),
        Randomizer = () => { lock (_gate) return _jitter.Unit(); },
    }).Build();

    public async Task<(T Answer, CallFacts Facts)> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        var tries = 0;
        try { return await Retry.ExecuteAsync(async token => await TryAsync(call, tries++, token), cancellation); }
        catch (ModelCallException e) { throw e.After(tries); }
    }

    /// <summary>A slot is held for a try, not for the pause between tries.</summary>
    private async Task<(T Answer, CallFacts Facts)> TryAsync<T>(Func<CancellationToken, Task<T>> call, int retries, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            if (config.RequestsPerMinute > 0) await Task.Delay(UntilTurn(Stopwatch.GetTimestamp()), cancellation);
            var begin = Stopwatch.GetTimestamp();
            var answer = await Limit.ExecuteAsync(async token => await call(token), cancellation);
            return (answer, new(Stopwatch.GetElapsedTime(begin).TotalMilliseconds, retries));
        }
        catch (TimeoutRejectedException) { throw new ModelCallException(FailureKind.Timeout, $"no answer within {config.TimeoutSeconds:R} s"); }
        finally { _slots.Release(); }
    }

    /// <summary>Gives the thread pool a thread for each caller that may block on a call, so that the calls' own continuations find one too.</summary>
    private static int WithRoom(int calls)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, calls + Environment.ProcessorCount), ports);
        return calls;
    }

    private TimeSpan UntilTurn(long now)
    {
        lock (_gate) return Stopwatch.GetElapsedTime(now, _turn = Math.Max(now, _turn + (60 * Stopwatch.Frequency / config.RequestsPerMinute)));
    }
}

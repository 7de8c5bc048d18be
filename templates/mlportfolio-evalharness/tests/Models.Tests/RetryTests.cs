using System.Diagnostics;

namespace PortfolioProject.Models.Tests;

public sealed class RetryTests : IDisposable
{
    private static readonly Fault[] Passing = [Fault.TooMany, Fault.Error500, Fault.Unavailable503, Fault.Stall, Fault.Reset, Fault.ResetInBody, Fault.TruncatedJson, Fault.Html];
    private readonly Bench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Two_hundred_requests_with_a_fifth_of_tries_failing_lose_none_and_are_metered_to_the_last_token()
    {
        var failing = 0;
        await using var server = await ProtocolServer.StartAsync((question, tried) =>
        {
            var draw = new RandomStream(int.Parse(question), tried);
            if (tried >= 4 || draw.Unit() >= 0.2) return null;
            Interlocked.Increment(ref failing);
            return Passing[draw.Below(Passing.Length)];
        });
        var models = _bench.Models(Bench.Calls with { TimeoutSeconds = 3 });
        var reader = models.Reader(Bench.Chat(server.BaseUrl));
        var questions = Enumerable.Range(1, 200).Select(i => $"{i}").ToList();
        var readings = await Task.WhenAll(questions.Select(q => reader.ReadAsync(q, Bench.Context, cancellation: Cancellation)));

        Assert.Equal(questions.Select(q => "answer to " + q), readings.Select(r => r.Reading.Answer));
        Assert.InRange(failing, 25, 80);
        Assert.All(server.Tries.Values, tries => Assert.InRange(tries, 1, 5));
        Assert.Equal(200 + failing, server.Requests);
        Assert.Equal(failing, readings.Sum(r => r.Call.Retries));
        Assert.InRange(server.MaxInFlight, 1, 16);
        var billed = questions.Select(ProtocolServer.TokensOf).Aggregate((a, b) => a + b);
        var cost = questions.Select(ProtocolServer.TokensOf).Sum(t => ((t.Input - t.Cached) * 0.5m / 1_000_000) + (t.Cached * 0.125m / 1_000_000) + (t.Output * 2m / 1_000_000));
        Assert.Equal(new ModelUsage("test-model", "EUR", 200, 0, failing, billed, cost, cost), Bench.Usage(readings));
        Assert.Equal(cost, readings.Sum(r => r.Cost));
    }

    [Theory, TransientFaults]
    public async Task An_endpoint_that_never_recovers_gets_exactly_the_bound_of_tries(Fault fault, FailureKind kind)
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => fault);
        var reader = _bench.Models(Bench.Calls with { MaxTries = 3, TimeoutSeconds = fault == Fault.Stall ? 0.1 : 20 }).Reader(Bench.Chat(server.BaseUrl));
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => reader.ReadAsync("q", Bench.Context, cancellation: Cancellation));
        Assert.Equal((3, 3, kind), (server.Requests, failure.Tries, failure.Kind));
        Assert.Empty(_bench.Files);
    }

    [Theory]
    [InlineData(Fault.BadRequest400, 400)]
    [InlineData(Fault.Unauthorized401, 401)]
    [InlineData(Fault.NotFound404, 404)]
    public async Task A_request_that_is_wrong_itself_is_not_tried_again(Fault fault, int status)
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => fault);
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => _bench.Models().Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation));
        Assert.Equal((1, 1, FailureKind.Rejected, status), (server.Requests, failure.Tries, failure.Kind, failure.Status));
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_a_connection_failure()
    {
        var server = await ProtocolServer.StartAsync();
        var url = server.BaseUrl;
        await server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => _bench.Models().Reader(Bench.Chat(url)).ReadAsync("q", Bench.Context, cancellation: Cancellation));
        Assert.Equal((5, FailureKind.Connection, 0), (failure.Tries, failure.Kind, failure.Status));
    }

    [Fact]
    public async Task Retry_after_is_honoured_as_seconds_and_as_a_date_and_one_beyond_the_longest_pause_fails_at_once()
    {
        await using var server = await ProtocolServer.StartAsync((question, tried) => tried > 0 ? null : Enum.Parse<Fault>(question));
        var reader = _bench.Models().Reader(Bench.Chat(server.BaseUrl));
        var hour = reader.ReadAsync(nameof(Fault.TooManyForAnHour), Bench.Context, cancellation: Cancellation);
        await Task.WhenAll(new[] { Fault.TooManyForASecond, Fault.TooManyUntilADate }.Select(f => reader.ReadAsync($"{f}", Bench.Context, cancellation: Cancellation)));
        TimeSpan Pause(Fault f) => server.Arrivals.Where(a => a.Question == $"{f}").Select(a => a.Ticks).ToList() is [var first, var second] ? Stopwatch.GetElapsedTime(first, second) : default;
        Assert.InRange(Pause(Fault.TooManyForASecond).TotalSeconds, 0.99, double.MaxValue);
        Assert.InRange(Pause(Fault.TooManyUntilADate).TotalSeconds, 0.9, double.MaxValue);
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => hour.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Equal((1, FailureKind.RateLimited), (failure.Tries, failure.Kind));
    }

    [Fact]
    public async Task Without_retry_after_pauses_grow_to_their_cap()
    {
        async Task<double[]> Pauses(long seed)
        {
            await using var server = await ProtocolServer.StartAsync((_, tried) => tried < 6 ? Fault.TooMany : null);
            var calls = Bench.Calls with { Cassettes = CassetteMode.Live, MaxTries = 7, FirstDelaySeconds = 0.05, MaxDelaySeconds = 0.3 };
            await new ChatModels(_bench.Root, calls, Bench.Prices, seed).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: Cancellation);
            var times = server.Arrivals.Select(a => a.Ticks).ToList();
            return [.. times.Zip(times.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds)];
        }

        // Lower bounds alone: a busy machine makes every pause longer.
        var pauses = await Pauses(1);
        Assert.InRange(pauses[..3].Sum(), 0.05, double.MaxValue);
        Assert.InRange(pauses[3..].Sum(), 0.6, double.MaxValue);
        Assert.InRange(pauses.Max(), 0.25, double.MaxValue);
    }

    /// <summary>No answer until sixteen calls are in flight, however busy the machine is.</summary>
    private static async Task TogetherAsync(ProtocolServer server, CancellationToken gone)
    {
        for (var begin = Stopwatch.GetTimestamp(); server.MaxInFlight < 16 && Stopwatch.GetElapsedTime(begin).TotalSeconds < 15;) await Task.Delay(5, gone);
    }

    [Fact]
    public async Task Sixteen_calls_overlap_and_never_more_than_the_bound()
    {
        await using var server = await ProtocolServer.StartAsync();
        server.Hold = gone => TogetherAsync(server, gone);
        var reader = _bench.Models().Reader(Bench.Chat(server.BaseUrl));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => reader.ReadAsync($"{i}", Bench.Context, cancellation: Cancellation)));
        Assert.Equal(16, server.MaxInFlight);
    }

    [Fact]
    public async Task Sixteen_blocked_threads_are_sixteen_calls_at_once_even_when_all_are_of_the_pool()
    {
        await using var server = await ProtocolServer.StartAsync();
        server.Hold = gone => TogetherAsync(server, gone);
        IReader reader = _bench.Models().Reader(Bench.Chat(server.BaseUrl));
        var answers = new string?[16];
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, i => answers[i] = reader.Read($"{i}", Bench.Context).Answer);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"answer to {i}"), answers);
        Assert.Equal(16, server.MaxInFlight);
    }

    [Fact]
    public async Task The_bound_holds_over_two_models()
    {
        await using var server = await ProtocolServer.StartAsync(delay: TimeSpan.FromMilliseconds(150));
        var models = _bench.Models(Bench.Calls with { MaxParallel = 3 });
        var readers = new[] { "a", "b" }.Select(m => models.Reader(Bench.Chat(server.BaseUrl, model: m)));
        await Task.WhenAll(readers.SelectMany(r => Enumerable.Range(0, 10).Select(i => r.ReadAsync($"{i}", Bench.Context, cancellation: Cancellation))));
        Assert.Equal((20, 3), (server.Requests, server.MaxInFlight));
    }

    [Fact]
    public async Task A_limit_of_requests_per_minute_spreads_them()
    {
        await using var server = await ProtocolServer.StartAsync();
        var reader = _bench.Models(Bench.Calls with { RequestsPerMinute = 600 }).Reader(Bench.Chat(server.BaseUrl));
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => reader.ReadAsync($"{i}", Bench.Context, cancellation: Cancellation)));
        Assert.InRange(Stopwatch.GetElapsedTime(begin, server.Arrivals.Max(a => a.Ticks)).TotalSeconds, 0.49, double.MaxValue);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_at_once_and_is_no_failure_of_the_model()
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => Fault.Stall);
        using var stop = new CancellationTokenSource(50);
        var begin = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.Models(Bench.Calls with { TimeoutSeconds = 30 }).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: stop.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 5);
        Assert.Equal(1, server.Requests);
    }

    private sealed class TransientFaultsAttribute() : ClassDataAttribute(typeof(Cases));

    private sealed class Cases : TheoryData<Fault, FailureKind>
    {
        public Cases()
        {
            Add(Fault.TooMany, FailureKind.RateLimited);
            foreach (var f in new[] { Fault.Error500, Fault.Unavailable503, Fault.Timeout408, Fault.Conflict409 }) Add(f, FailureKind.Server);
            Add(Fault.Stall, FailureKind.Timeout);
            foreach (var f in new[] { Fault.Reset, Fault.ResetInBody }) Add(f, FailureKind.Connection);
            foreach (var f in new[] { Fault.TruncatedJson, Fault.Html, Fault.ErrorObject }) Add(f, FailureKind.Malformed);
        }
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>What happens when more comes than can be predicted, or when a caller is slow or gone.</summary>
public sealed class OverloadTests
{
    private static readonly string Request = $$"""{"inputs":[{{TestServer.Tensor}}]}""";

    /// <summary>Predicts when the test lets it.</summary>
    private sealed class HeldPredictor : IPredictor
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;

        public int Inside => Volatile.Read(ref _inside);

        public void Open() => _open.TrySetResult();

        public async ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, CancellationToken deadline)
        {
            Interlocked.Increment(ref _inside);
            await _open.Task.WaitAsync(deadline);
            model.Bundle.Predict(rows.Span, probabilities.Span);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Takes a while for each request.</summary>
    private sealed class SlowPredictor(TimeSpan time) : IPredictor
    {
        public async ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, CancellationToken deadline)
        {
            await Task.Delay(time, deadline);
            model.Bundle.Predict(rows.Span, probabilities.Span);
            return TimeSpan.Zero;
        }
    }

    private static Task<TestServer> With(IPredictor predictor, Func<LimitsConfig, LimitsConfig> limits) => TestServer.StartAsync(c => c with { Limits = limits(c.Limits) }, o => o with { Predictor = predictor });

    [Fact]
    public async Task A_full_queue_turns_the_next_request_away_at_once_and_answers_those_that_it_took()
    {
        var held = new HeldPredictor();
        await using var server = await With(held, l => l with { Concurrent = 2, Queue = 3, DeadlineMs = 120_000 });
        var taken = Enumerable.Range(0, 5).Select(_ => server.PostAsync(TestServer.Infer, Request)).ToList();
        await Wait.UntilAsync(() => Task.FromResult(held.Inside == 2 && server.Host.Context.Gate.GetStatistics()!.CurrentQueuedCount == 3));
        for (var i = 0; i < 10; i++)
        {
            // Nothing that was taken can end before these answers are there.
            var shed = await server.PostAsync(TestServer.Infer, Request);
            Assert.StartsWith("the queue is full", shed.Error(503));
            Assert.Equal("1", shed.Headers["Retry-After"]);
            foreach (var probe in new[] { "/v2/health/live", "/v2/health/ready", "/v2/models/sample/ready" }) Assert.Equal(200, (await server.GetAsync(probe)).Code);
        }

        Assert.DoesNotContain(taken, t => t.IsCompleted);
        held.Open();
        foreach (var reply in await Task.WhenAll(taken)) Assert.Equal(200, reply.Code);
    }

    [Fact]
    public async Task Under_a_flood_refusals_are_quicker_than_answers_and_the_accepted_wait_no_longer_than_the_queue_is_long()
    {
        var service = TimeSpan.FromMilliseconds(100);
        await using var server = await With(new SlowPredictor(service), l => l with { Concurrent = 2, Queue = 6, DeadlineMs = 120_000 });
        await server.PostAsync(TestServer.Infer, Request);
        var (accepted, shed, probes) = (new List<double>(), new List<double>(), new List<double>());
        var callers = Enumerable.Range(0, 32).Select(async _ =>
        {
            for (var i = 0; i < 15; i++)
            {
                var (watch, reply) = (Stopwatch.StartNew(), await server.PostAsync(TestServer.Infer, Request));
                Assert.Contains(reply.Code, new[] { 200, 503 });
                lock (shed) (reply.Code == 200 ? accepted : shed).Add(watch.Elapsed.TotalMilliseconds);
                if (reply.Code == 503) await Task.Delay(5);
            }
        }).ToList();
        while (!callers.All(c => c.IsCompleted))
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(200, (await server.GetAsync("/v2/health/ready")).Code);
            probes.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(callers);
        Assert.NotEmpty(shed);
        Assert.True(accepted.Count >= 8, $"{accepted.Count} accepted");
        // Compared with each other, not with a clock: a busy machine slows all of them.
        Assert.True(Median(shed) < Median(accepted) / 2, $"shed {Median(shed)} ms, accepted {Median(accepted)} ms");
        Assert.True(Median(probes) < Median(accepted) / 2, $"probes {Median(probes)} ms, accepted {Median(accepted)} ms");
    }

    [Fact]
    public async Task A_prediction_that_takes_too_long_ends_with_503_and_gives_its_place_back()
    {
        var held = new HeldPredictor();
        await using var server = await With(held, l => l with { Concurrent = 1, Queue = 3, DeadlineMs = 150 });
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => server.PostAsync(TestServer.Infer, Request)));
        foreach (var reply in replies) Assert.StartsWith("the deadline passed", reply.Error(503));
        // An answer is sent before its request is counted as over.
        await Wait.UntilAsync(() => Task.FromResult(server.Host.Context.InFlight() == 0));
        held.Open();
        await Wait.UntilAsync(async () => (await server.PostAsync(TestServer.Infer, Request)).Code == 200);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_408_and_a_caller_that_leaves_holds_nothing()
    {
        await using var server = await TestServer.StartAsync(c => c with { Limits = c.Limits with { DeadlineMs = 200 } });
        var slow = await server.RawAsync($"POST {TestServer.Infer} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{{\"id\":");
        Assert.StartsWith("HTTP/1.1 408", slow);
        Assert.Contains("{\"error\":\"body: came too slowly\"}", slow);
        using (var gone = new TcpClient())
        {
            await gone.ConnectAsync("127.0.0.1", server.Host.Address.Port, TestContext.Current.CancellationToken);
            await gone.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {TestServer.Infer} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n{{"), TestContext.Current.CancellationToken);
        }

        await Wait.UntilAsync(() => Task.FromResult(server.Host.Context.InFlight() == 0));
        await Wait.UntilAsync(async () => (await server.PostAsync(TestServer.Infer, Request)).Code == 200);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

using System.Text;
using System.Text.Json.Nodes;
using PortfolioProject.Batching;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class MicroBatchingTests : IAsyncLifetime
{
    private const int Minute = 60_000;

    private readonly string _root = Directory.CreateTempSubdirectory("batching-").FullName;
    private ServerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        var registry = new ModelRegistry(Path.Combine(_root, "models"), "sample");
        foreach (var weight in new[] { 0.5f, -0.75f }) Write(registry, weight);
        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "first"));
        _host = await ServerHost.StartAsync(new ServerOptions(_root, new ServingConfig()) { Predictor = new MicroBatching(new BatchingConfig { Enabled = true, MaxRows = 8, MaxWaitMs = 5 }) }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Every_caller_gets_the_bits_that_the_model_gives_alone()
    {
        using var batching = new MicroBatching(new BatchingConfig { MaxRows = 16, MaxWaitMs = 20 });
        using var deadline = new CancellationTokenSource(Minute);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var (model, rows) = (Model(i % 3 == 0 ? "2" : "1"), Rows(i, 1 + (i % 5)));
            var (got, alone) = (new float[rows.Length], new float[rows.Length]);
            await batching.PredictAsync(model, rows, got, deadline.Token);
            model.Bundle.Predict(rows, alone);
            return (got, alone);
        }));
        Assert.All(answers, a => Assert.Equal(a.alone, a.got));
    }

    [Fact]
    public async Task A_full_batch_does_not_wait_and_one_that_is_not_full_waits_for_more()
    {
        using var batching = new MicroBatching(new BatchingConfig { MaxRows = 4, MaxWaitMs = 10_000 });
        using var deadline = new CancellationTokenSource(Minute);
        var first = Enumerable.Range(0, 3).Select(i => batching.PredictAsync(Model("1"), Rows(i, 1), new float[2], deadline.Token).AsTask()).ToList();
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(first, t => t.IsCompleted);
        var waits = await Task.WhenAll([.. first, batching.PredictAsync(Model("1"), Rows(3, 1), new float[2], deadline.Token).AsTask()]);
        Assert.All(waits[..3], w => Assert.InRange(w, TimeSpan.FromMilliseconds(90), TimeSpan.FromSeconds(9)));
        Assert.True(waits[3] < waits[0]);
    }

    [Fact]
    public async Task Rows_of_different_versions_and_too_many_rows_are_predicted_apart()
    {
        using var batching = new MicroBatching(new BatchingConfig { MaxRows = 4, MaxWaitMs = 10_000 });
        using var deadline = new CancellationTokenSource(Minute);
        var (one, two) = (new float[6], new float[6]);
        var waiting = batching.PredictAsync(Model("1"), Rows(0, 3), one, deadline.Token).AsTask();
        var other = batching.PredictAsync(Model("2"), Rows(0, 3), two, deadline.Token).AsTask();
        await waiting;
        Assert.False(other.IsCompleted);
        var large = batching.PredictAsync(Model("2"), Rows(0, 9), new float[18], deadline.Token).AsTask();
        await Task.WhenAll(other, large);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task A_caller_whose_time_is_over_leaves_and_the_others_are_answered()
    {
        using var batching = new MicroBatching(new BatchingConfig { MaxRows = 2, MaxWaitMs = 10_000 });
        using var shortly = new CancellationTokenSource(50);
        using var later = new CancellationTokenSource(Minute);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await batching.PredictAsync(Model("1"), Rows(0, 1), new float[2], shortly.Token));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => batching.PredictAsync(Model("1"), Rows(i, 1), new float[2], later.Token).AsTask()));
        // With the one that left they are two full batches: nobody waits for more.
        Assert.All(answers, waited => Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task A_failure_is_the_whole_batch_s_and_the_next_one_works()
    {
        using var batching = new MicroBatching(new BatchingConfig { MaxRows = 8, MaxWaitMs = 0 });
        using var deadline = new CancellationTokenSource(Minute);
        await Assert.ThrowsAsync<ArgumentException>(async () => await batching.PredictAsync(Model("1"), new float[3], new float[2], deadline.Token));
        var answer = new float[2];
        await batching.PredictAsync(Model("1"), Rows(0, 1), answer, deadline.Token);
        Assert.Equal(1, answer.Sum(), 1e-6);
    }

    [Fact]
    public async Task The_server_answers_through_it_and_says_how_long_rows_waited()
    {
        using var http = new HttpClient { BaseAddress = _host.Address };
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => http.PostAsync("/api/predict", new StringContent($$"""{"features":[{{i}},1]}""", Encoding.UTF8), TestContext.Current.CancellationToken)));
        foreach (var (i, reply) in replies.Index())
        {
            Assert.Equal(200, (int)reply.StatusCode);
            var alone = new float[2];
            Model("1").Bundle.Predict([i, 1], alone);
            Assert.Equal(alone, JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["probabilities"]!.AsObject().Select(p => (float)p.Value!));
        }

        Assert.Contains(replies, r => !r.Headers.GetValues("Server-Timing").Single().Contains("batch-wait;dur=0.000"));
    }

    [Fact]
    public void It_is_off_unless_the_configuration_enables_it()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "configs")).FullName, "batching.yaml"), "enabled: false\n");
        Assert.Null(MicroBatching.Create(_root, []));
        Assert.NotNull(MicroBatching.Create(_root, ["enabled=true", "max_rows=16"]));
        Assert.Contains("max_rows", Assert.Throws<UserError>(() => MicroBatching.Create(_root, ["max_rows=1"])).Message);
    }

    private ServedModel Model(string version) => _host.Models.Choose(null, version)!;

    private static float[] Rows(int seed, int count) => [.. Enumerable.Range(0, 2 * count).Select(j => (((seed * 31) + (j * 17)) % 13) - 6.5f)];

    private static void Write(ModelRegistry registry, float weight)
    {
        FeatureColumn[] features = [.. Enumerable.Range(0, 2).Select(i => new FeatureColumn($"f{i}", 0, 10, 5, 2, new Histogram([5], [10, 10])))];
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, registry.Name, "", DateTimeOffset.UnixEpoch, "builtin", "softmax", features, ["a", "b"],
            1, FeatureColumn.Sha256(features), new DataFile("data.csv", "", 0), 20, null, 2026, new Dictionary<string, double>(), [new GoldenRow([1, 2], [])], new Dictionary<string, string>());
        BundleWriter.Write(registry, manifest, new Dictionary<string, Tensor> { ["linear.weight"] = new([2, 2], [weight, 0.25f, -weight, 0.125f]), ["linear.bias"] = new([2], [0.1f, -0.1f]) }, m => $"# {m.Name}\n", new BuiltinEngine());
    }
}

using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;
using PortfolioProject.Numerics;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>Drill: what is wrong with a new version never reaches a caller.</summary>
public sealed class HotSwapTests
{
    [Fact]
    public async Task Fifty_swaps_under_load_give_no_error_and_no_answer_of_mixed_versions()
    {
        await using var server = await TestServer.StartAsync();
        var registry = server.Registry();
        for (var i = 0; i < 4; i++) server.AddVersion(i);
        var expected = registry.Versions.ToDictionary(v => v, v => First(registry.Load(v, new BuiltinEngine())));
        var (stop, answers, wrong) = (false, 0, new List<string>());
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var reply = await server.Predict();
                Interlocked.Increment(ref answers);
                if (reply.Code != 200 || Math.Abs(expected[reply.Version()] - reply.FirstProbability()) > 1e-6 || reply.Headers["X-Model-Version"] != reply.Version())
                    lock (wrong) wrong.Add($"{reply.Code} {reply.Text}");
            }
        })).ToList();
        var seen = new HashSet<string>();
        for (var swap = 0; swap < 50; swap++)
        {
            var (version, before) = ($"{2 + (swap % 4)}", Volatile.Read(ref answers));
            server.Log(swap % 5 == 4 ? "rollback" : "promote", version);
            await server.Serves(version);
            Wait.Until(() => Volatile.Read(ref answers) >= before + 10);
            seen.Add((await server.Predict()).Version());
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(clients);
        Assert.Empty(wrong);
        Assert.Equal(["2", "3", "4", "5"], seen.Order(StringComparer.Ordinal));
        Assert.InRange(answers, 500, int.MaxValue);

        static double First(Bundle bundle)
        {
            var probabilities = new float[2];
            bundle.Predict([1, 2, 3], probabilities);
            return probabilities[0];
        }
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "corrupt", "the file is not the one that was packaged" },
        { "truncated", "the file is not the one that was packaged" },
        { "truncated manifest", "not a manifest" },
        { "missing", "missing from the bundle" },
        { "skewed weights", "does not answer a golden row as it did" },
        { "skewed preprocessing", "preprocessingSha256" },
        { "copied", "the bundle is another one's" },
        { "other columns", "its features or classes are not those of version 1" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_bad_bundle_never_replaces_a_good_one(string damage, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var before = (await server.Predict()).Json["probabilities"]!.ToJsonString();
        var bundle = server.AddVersion(2, features: damage == "other columns" ? 4 : 3);
        Damage(server.Registry(), bundle, damage);
        server.Log("promote", "2");
        await Wait.UntilAsync(async () => (string?)(await server.Status())["service"]!["reason"] is not null);
        var after = await server.Predict();
        Assert.Equal(("1", before), (after.Version(), after.Json["probabilities"]!.ToJsonString()));
        var status = await server.Status();
        Assert.Contains(reason, (string)status["service"]!["reason"]!);
        Assert.True((bool)status["service"]!["ready"]!);
        Assert.Contains(reason, server.Host.Models.State.Problem);
        foreach (var path in new[] { "/v2/health/ready", $"/v2/models/{TestServer.Name}/ready" })
        {
            var readiness = await server.GetAsync(path);
            Assert.Equal((200, true), (readiness.Code, (bool)readiness.Json["ready"]!));
            Assert.Contains(reason, (string)readiness.Json["refused"]!);
        }

        Assert.Contains("serving_change_refused 1\n", (await server.GetAsync("/metrics")).Text);

        // Neither does a second one, with a bad one before it.
        File.Delete(Path.Combine(server.AddVersion(1).Folder, BundleManifest.WeightsFile));
        server.Log("promote", "3");
        Wait.Until(() => server.Host.Models.State.Problem!.StartsWith("version 3: ", StringComparison.Ordinal));
        Assert.Equal((true, "1"), (server.Host.Models.State.Ready, (await server.Predict()).Version()));

        server.AddVersion(2);
        server.Log("promote", "4");
        await server.Serves("4");
        Assert.Null(server.Host.Models.State.Problem);
    }

    [Fact]
    public async Task A_bundle_that_was_mended_is_taken_without_another_word()
    {
        await using var server = await TestServer.StartAsync();
        var weights = Path.Combine(server.AddVersion(2).Folder, BundleManifest.WeightsFile);
        var good = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, good[..^4]);
        server.Log("promote", "2");
        Wait.Until(() => server.Host.Models.State.Problem is not null);
        File.WriteAllBytes(weights, good);
        await server.Serves("2");
        Assert.Equal(new ModelState(true, null), server.Host.Models.State);
    }

    [Fact]
    public async Task A_loaded_version_goes_on_when_its_files_are_damaged_or_gone()
    {
        await using var server = await TestServer.StartAsync();
        File.WriteAllText(Path.Combine(server.Registry().FolderOf("1"), BundleManifest.WeightsFile), "");
        server.AddVersion(2);
        Wait.Until(() => server.Host.Models.Versions.SequenceEqual(["1", "2"]));
        Assert.Equal("1", (await server.Predict()).Version());
        Directory.Delete(server.Registry().FolderOf("1"), recursive: true);
        Wait.Until(() => server.Host.Models.Versions.SequenceEqual(["2"]));
        Assert.Equal("1", (await server.Predict()).Version());
    }

    [Fact]
    public async Task A_server_that_starts_on_a_bad_bundle_serves_the_version_before_and_says_so()
    {
        var root = TestServer.NewRepository();
        var registry = new ModelRegistry(Path.Combine(root, "models"), TestServer.Name);
        TestServer.Write(registry);
        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "2", null, "cli", "test"));
        Damage(registry, registry.Load("2", new BuiltinEngine()), "corrupt");
        await using (var host = await ServerHost.StartAsync(new ServerOptions(root, new ServingConfig()), TestContext.Current.CancellationToken))
        {
            Assert.Equal((true, "1"), (host.Models.State.Ready, host.Models.Choose(null, null)!.Version));
            Assert.Contains("version 2: ", host.Models.State.Problem);
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Without_a_stable_version_it_is_not_ready_until_one_is_promoted()
    {
        var root = TestServer.NewRepository();
        var registry = new ModelRegistry(Path.Combine(root, "models"), TestServer.Name);
        File.Delete(registry.Log);
        await using (var host = await ServerHost.StartAsync(new ServerOptions(root, new ServingConfig()), TestContext.Current.CancellationToken))
        {
            Assert.False(host.Models.State.Ready);
            Assert.StartsWith("no version is promoted", host.Models.State.Problem);
            registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "test"));
            Wait.Until(() => host.Models.State == new ModelState(true, null));
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_damaged_promotion_log_changes_nothing_and_is_named()
    {
        await using var server = await TestServer.StartAsync();
        File.AppendAllText(server.Registry().Log, "{broken}\n");
        Wait.Until(() => server.Host.Models.State.Problem is not null);
        Assert.Contains("promotions.jsonl:2: not a promotion", server.Host.Models.State.Problem);
        Assert.Equal("1", (await server.Predict()).Version());
        Assert.Equal(200, (await server.GetAsync("/api/status")).Code);
    }

    [Fact]
    public async Task A_version_can_be_asked_for_by_its_number_whatever_its_role()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 12; i++) server.AddVersion(i);
        Damage(server.Registry(), server.Registry().Load("13", new BuiltinEngine()), "corrupt");
        Wait.Until(() => server.Host.Models.Versions.Count == 13);
        var request = $$"""{"inputs":[{{TestServer.Tensor}}]}""";
        for (var round = 0; round < 2; round++)
            for (var version = 1; version <= 12; version++)
            {
                var reply = await server.PostAsync($"/v2/models/{TestServer.Name}/versions/{version}/infer", request);
                Assert.Equal((200, $"{version}"), (reply.Code, (string)reply.Json["model_version"]!));
            }

        Assert.InRange((await server.PostAsync($"/v2/models/{TestServer.Name}/versions/13/infer", request)).Code, 404, 503);
        Assert.Equal((true, null), (server.Host.Models.State.Ready, server.Host.Models.State.Problem));
        Assert.Equal(["stable", "named"], PredictionLog.Read(server.Host.Context.Predictions.Folder).Select(r => r.Role).Distinct());
        Assert.InRange(server.Host.Models.Roster.Loaded.Count, 8, 10);
    }

    private static void Damage(ModelRegistry registry, Bundle bundle, string damage)
    {
        var (weights, manifest) = (Path.Combine(bundle.Folder, BundleManifest.WeightsFile), Path.Combine(bundle.Folder, BundleManifest.FileName));
        var bytes = File.ReadAllBytes(weights);
        switch (damage)
        {
            case "corrupt":
                bytes[^2] ^= 1;
                File.WriteAllBytes(weights, bytes);
                break;
            case "truncated":
                File.WriteAllBytes(weights, bytes[..(bytes.Length / 2)]);
                break;
            case "truncated manifest":
                File.WriteAllText(manifest, File.ReadAllText(manifest)[..200]);
                break;
            case "missing":
                File.Delete(weights);
                break;
            case "skewed weights":
                var old = TextFile.Sha256OfFile(weights);
                Safetensors.Write(weights, Safetensors.Read(weights).ToDictionary(t => t.Key, t => t.Key == "linear.bias" ? new Tensor(t.Value.Shape, [.. t.Value.Values.Select((x, i) => x + (0.01f * i))]) : t.Value), null);
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(old, TextFile.Sha256OfFile(weights)));
                break;
            case "skewed preprocessing":
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"offset\": 5", "\"offset\": 4"));
                break;
            case "copied":
                Directory.Delete(bundle.Folder, recursive: true);
                Directory.CreateDirectory(bundle.Folder);
                foreach (var file in Directory.GetFiles(registry.FolderOf("1"))) File.Copy(file, Path.Combine(bundle.Folder, Path.GetFileName(file)));
                break;
            default:
                Assert.Equal("other columns", damage);
                break;
        }
    }
}

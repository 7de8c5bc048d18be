using PortfolioProject.Monitoring;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>Canary and shadow.</summary>
public sealed class TrialTests
{
    private static async Task<TestServer> WithCanary(double share = 0.3)
    {
        var server = await TestServer.StartAsync();
        server.AddVersion(3);
        server.Log("canary", "2", share);
        Wait.Until(() => server.Host.Models.Roster.Canary?.Version == "2");
        return server;
    }

    [Fact]
    public async Task A_canary_gets_its_share_of_the_keys_and_a_key_stays_where_it_is()
    {
        await using var server = await WithCanary();
        var models = server.Host.Models;
        var first = Enumerable.Range(0, 4000).Select(i => models.Choose($"user-{i}", null)!.Role).ToList();
        Assert.InRange(first.Count(r => r == "canary"), 1080, 1320);
        Assert.Equal(first, Enumerable.Range(0, 4000).Select(i => models.Choose($"user-{i}", null)!.Role));
        // A larger share keeps those who have the canary already.
        server.Log("canary", "2", 0.6);
        Wait.Until(() => models.Roster.Roles.CanaryShare == 0.6);
        Assert.All(Enumerable.Range(0, 4000).Where(i => first[i] == "canary"), i => Assert.Equal("canary", models.Choose($"user-{i}", null)!.Role));
        Assert.InRange(Enumerable.Range(0, 4000).Count(_ => models.Choose(null, null)!.Role == "canary"), 2260, 2540);
    }

    [Fact]
    public async Task Another_canary_is_tried_on_other_callers()
    {
        await using var server = await WithCanary(0.5);
        server.AddVersion(1);
        var first = Enumerable.Range(0, 1000).Select(i => server.Host.Models.Choose($"user-{i}", null)!.Role).ToList();
        server.Log("canary", "3", 0.5);
        Wait.Until(() => server.Host.Models.Roster.Canary?.Version == "3");
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => first[i] == "canary" && server.Host.Models.Choose($"user-{i}", null)!.Role == "canary"), 180, 320);
    }

    [Fact]
    public async Task Answers_and_log_say_which_arm_it_was_and_hold_no_key()
    {
        await using var server = await WithCanary(0.5);
        for (var i = 0; i < 40; i++)
        {
            var (one, two) = (await server.Predict($"secret-user-{i}"), await server.Predict($"secret-user-{i}"));
            Assert.Equal(one.Version(), two.Version());
            Assert.Equal(one.FirstProbability(), two.FirstProbability());
        }

        var log = PredictionLog.Read(server.Host.Context.Predictions.Folder).ToList();
        Assert.Equal([("1", "stable"), ("2", "canary")], log.Select(r => (r.Version, r.Role)).Distinct().Order());
        Assert.Equal((80, 40), (log.Count, log.DistinctBy(r => r.Cluster).Count()));
        Assert.DoesNotContain("secret", string.Concat(Directory.GetFiles(server.Host.Context.Predictions.Folder).Select(File.ReadAllText)));
    }

    [Fact]
    public async Task A_canary_whose_predictions_fail_is_rolled_back_without_being_asked()
    {
        await using var server = await WithCanary(1);
        var models = server.Host.Models;
        for (var i = 0; i < 100; i++) await server.Predict();
        var canary = models.Choose(null, null)!;
        Assert.Equal("canary", canary.Role);
        for (var i = 0; i < 4; i++) models.Failed(canary);
        Assert.Equal("canary", models.Choose(null, null)!.Role);
        for (var i = 0; i < 4; i++) models.Failed(canary);
        Assert.Equal(("stable", "1"), (models.Choose(null, null)!.Role, models.Choose(null, null)!.Version));
        Wait.Until(() => server.Registry().History()[^1].By == "auto");
        var entry = server.Registry().History()[^1];
        Assert.Equal(("rollback", "2"), (entry.Action, entry.Version));
        Assert.StartsWith("5 of 105 predictions failed: 4.8 % [0.021, 0.107], allowed 0.02", entry.Reason);
        Wait.Until(() => models.Roster.Roles.Canary is null);
        Assert.Equal("1", (await server.Predict()).Version());
        // Tried again it starts with clean counts.
        server.Log("canary", "2", 1);
        Wait.Until(() => models.Choose(null, null)!.Role == "canary");
        models.Failed(models.Choose(null, null)!);
        Assert.Equal("canary", models.Choose(null, null)!.Role);
    }

    [Fact]
    public async Task A_failing_canary_ends_even_while_the_promotion_log_cannot_be_written()
    {
        await using var server = await WithCanary(1);
        var models = server.Host.Models;
        using (new FileStream(Path.Combine(server.Registry().Folder, "registry.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var canary = models.Choose(null, null)!;
            for (var i = 0; i < 5; i++) models.Failed(canary);
            Assert.Equal("stable", models.Choose(null, null)!.Role);
            models.Refresh();
            Assert.Equal(("2", "stable"), (models.Roster.Roles.Canary, models.Choose(null, null)!.Role));
        }

        Wait.Until(() => server.Registry().State().Canary is null);
    }

    [Fact]
    public async Task Failures_of_the_stable_version_roll_nothing_back()
    {
        await using var server = await WithCanary(0.5);
        for (var i = 0; i < 50; i++) server.Host.Models.Failed(server.Host.Models.Roster.Stable!);
        Assert.Equal(("1", "2"), (server.Host.Models.Roster.Stable!.Version, server.Host.Models.Roster.Canary!.Version));
        Assert.Equal(50, server.Host.Models.Roster.Stable.Monitor.Errors);
    }

    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(5, 5, true)]
    [InlineData(5, 100, true)]
    [InlineData(5, 200, false)]
    [InlineData(40, 1_000, true)]
    [InlineData(20, 1_000, false)]
    public void A_canary_ends_when_the_whole_interval_of_its_error_rate_is_too_high(long errors, long requests, bool ends) =>
        Assert.Equal(ends, new CanaryConfig().Objection(errors, requests) is not null);

    [Fact]
    public async Task A_shadow_answers_nobody_and_its_disagreement_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        server.AddVersion(-20);
        server.Log("shadow", "2");
        Wait.Until(() => server.Host.Models.Roster.Shadow is not null);
        // Version 1 prefers "rot" for the first row and the other class for the second; version 2 never prefers "rot".
        for (var i = 0; i < 30; i++)
        {
            var reply = await server.PostAsync("/api/predict", """{"rows":[[10,0,5],[0,10,5]]}""");
            Assert.Equal((200, "1"), (reply.Code, reply.Version()));
            Assert.Equal(["rot", TestServer.Label], reply.Json["predictions"]!.AsArray().Select(p => (string)p!["label"]!));
        }

        Wait.Until(() => server.Host.Models.Roster.Shadow!.Report().N == 60);
        var shadow = (await server.Status())["shadow"]!;
        Assert.Equal(("2", 60, 0.5, 0), ((string)shadow["version"]!, (int)shadow["n"]!, (double)shadow["rate"]!, (int)shadow["skipped"]!));
        Assert.Equal((0.377, 0.623), (Math.Round((double)shadow["low"]!, 3), Math.Round((double)shadow["high"]!, 3)));
        server.Log("clear", "2");
        Wait.Until(() => server.Host.Models.Roster.Shadow is null);
    }

    [Fact]
    public async Task A_trial_of_another_signature_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        server.AddVersion(1, features: 4);
        server.Log("canary", "2", 1);
        server.Log("shadow", "2");
        Wait.Until(() => server.Host.Models.State.Problem is not null);
        Assert.Equal((null, null), (server.Host.Models.Roster.Canary, server.Host.Models.Roster.Shadow));
        Assert.Equal("1", (await server.Predict()).Version());
    }

    [Fact]
    public async Task The_status_reads_the_trial_from_feedback()
    {
        await using var server = await WithCanary(0.5);
        for (var i = 0; i < 60; i++)
        {
            var reply = await server.Predict($"user-{i}");
            // The stable version is always wrong, the canary always right.
            var label = reply.Version() == "2" ? (string)reply.Json["label"]! : (string)reply.Json["label"]! == "rot" ? TestServer.Label : "rot";
            Assert.Equal(200, (await server.PostAsync("/api/feedback", $$"""{"predictionId":"{{reply.Json["predictionId"]}}","label":"{{label}}"}""")).Code);
        }

        var status = await server.Status();
        Assert.Equal(("better", 1.0), ((string)status["trial"]!["verdict"]!, (double)status["trial"]!["difference"]!));
        Assert.Equal(60, (int)status["trial"]!["stableClusters"]! + (int)status["trial"]!["canaryClusters"]!);
        var quality = status["quality"]!.AsArray().ToDictionary(q => (string)q!["version"]!, q => (double?)q!["accuracy"]);
        Assert.Equal((0, 1), (quality["1"], quality["2"]));
    }
}

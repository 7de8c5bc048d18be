using System.Text.Json.Nodes;
using PortfolioProject.Bench;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class OperationsEndpointTests
{
    [Fact]
    public async Task Promote_and_roll_back_take_effect_with_the_answer()
    {
        await using var server = await TestServer.StartAsync();
        TestServer.Write(server.Registry());
        var promoted = await server.Admin("promote", "2");
        Assert.Equal((200, "2", "1"), (promoted.Code, (string)promoted.Json["stable"]!, (string)promoted.Json["previous"]!));
        Assert.Equal("2", (await server.Predict()).Version());
        Assert.Equal("1", (string)(await server.Admin("rollback")).Json["stable"]!);
        Assert.Equal("1", (await server.Predict()).Version());
        Assert.Contains("there is no version to go back to", (await server.Admin("rollback")).Error(409));
        Assert.Equal([("promote", "dashboard"), ("rollback", "dashboard")], server.Registry().History().Skip(1).Select(p => (p.Action, p.By)));
    }

    [Fact]
    public async Task Canary_shadow_and_clear_are_followed()
    {
        await using var server = await TestServer.StartAsync();
        TestServer.Write(server.Registry());
        TestServer.Write(server.Registry());
        Assert.Equal(0.25, (double)(await server.Admin("canary", "2", 0.25)).Json["canaryShare"]!);
        Assert.Equal("3", (string)(await server.Admin("shadow", "3")).Json["shadow"]!);
        Assert.Equal(["stable", "canary", "shadow"], (await server.Status())["versions"]!.AsArray().Select(v => (string)v!["role"]!));
        Assert.Null((await server.Admin("clear", "2")).Json["canary"]);
        Assert.Equal("3", server.Host.Models.Roster.Shadow!.Version);
        Assert.Equal(200, (await server.Admin("clear")).Code);
        Assert.Null(server.Host.Models.Roster.Shadow);
        Assert.Contains("is the stable one", (await server.Admin("shadow", "1")).Error(409));
    }

    [Fact]
    public async Task The_gate_keeps_out_what_the_command_line_would_keep_out()
    {
        await using var server = await TestServer.StartAsync();
        server.AddVersion(-20);
        server.AddVersion(1, features: 4);
        File.WriteAllText(Path.Combine(TestServer.Write(server.Registry()).Folder, BundleManifest.CardFile), "changed");
        for (var i = 0; i < 30; i++) await server.PostAsync("/api/predict", """{"rows":[[10,0,5],[10,1,5]]}""");
        Assert.StartsWith("version 2 does not pass the gate: disagreement: 60 of 60 rows labelled otherwise than by version 1 (30 logged requests)", (await server.Admin("promote", "2")).Error(409));
        Assert.Contains("signature: features or classes differ", (await server.Admin("promote", "3")).Error(409));
        Assert.Contains("the file is not the one that was packaged", (await server.Admin("promote", "4")).Error(409));
        Assert.NotEqual(200, (await server.Admin("canary", "3", 0.5)).Code);
        Assert.NotEqual(200, (await server.Admin("shadow", "4")).Code);
        Assert.Single(server.Registry().History());
        Assert.Equal("1", (await server.Predict()).Version());
    }

    [Fact]
    public async Task The_budget_of_the_gate_is_the_repositorys()
    {
        await using var server = await TestServer.StartAsync();
        TestServer.Write(server.Registry());
        TextFile.Write(Path.Combine(server.Root, TrainingConfig.File), "seed: 1\ndata: { path: x.csv }\nvariants: { softmax: { model: softmax } }\ncandidates: [softmax]\npromotion: { budget_ms: 0.001, disagreement: 0 }\n");
        var reply = await server.Admin("promote", "2");
        // A microsecond may be enough for three features: what counts is that the configured budget was asked.
        if (reply.Code != 200) Assert.Contains("budget 0.001 ms", reply.Error(409));
        TextFile.Write(Path.Combine(server.Root, TrainingConfig.File), "promotion: { budget: 1 }\n");
        Assert.NotEqual(200, (await server.Admin("promote", "2")).Code);
    }

    [Theory]
    [InlineData("promote", "{}", 404, "version: no such version; expected one of 1")]
    [InlineData("promote", """{"version":"../1"}""", 404, "got another text")]
    [InlineData("promote", """{"version":1}""", 400, "body: not understood")]
    [InlineData("promote", """{"version":"1","force":true}""", 400, "body: not understood")]
    [InlineData("promote", "[", 400, "body: not understood")]
    [InlineData("promote", "null", 400, "body: not understood")]
    [InlineData("rollback", """{"version":"9"}""", 404, "version: no such version")]
    [InlineData("canary", """{"version":"1"}""", 400, "share: not a share")]
    [InlineData("canary", """{"version":"1","share":1.5}""", 400, "share: not a share")]
    [InlineData("canary", """{"version":"1","share":"1"}""", 400, "body: not understood")]
    [InlineData("clear", """{"version":"x"}""", 404, "version: no such version")]
    public async Task What_cannot_be_done_is_refused_with_a_reason(string action, string body, int status, string reason)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Contains(reason, (await server.PostAsync($"/api/admin/{action}", body)).Error(status));
        Assert.Single(server.Registry().History());
        Assert.Equal("1", (await server.Predict()).Version());
    }

    [Fact]
    public async Task Only_an_admin_changes_versions_and_only_a_key_reads_the_status()
    {
        var keys = new ApiKeys(TextFile.Sha256("p"), TextFile.Sha256("a"));
        await using var server = await TestServer.StartAsync(with: o => o with { Environment = "Production", Keys = keys });
        TestServer.Write(server.Registry());
        foreach (var action in new[] { "promote", "rollback", "canary", "shadow", "clear" })
        {
            (await server.PostAsync($"/api/admin/{action}", "{}")).Error(401);
            (await server.PostAsync($"/api/admin/{action}", "{}", ("X-Api-Key", "p"))).Error(403);
        }

        (await server.GetAsync("/api/status")).Error(401);
        Assert.Equal(200, (await server.GetAsync("/api/status", ("X-Api-Key", "p"))).Code);
        Assert.Equal(200, (await server.PostAsync("/api/admin/promote", """{"version":"2"}""", ("X-Api-Key", "a"))).Code);
        Assert.Equal(405, (await server.GetAsync("/api/admin/promote", ("X-Api-Key", "a"))).Code);
    }

    [Fact]
    public async Task The_status_shows_traffic_drift_quality_and_errors_as_they_come()
    {
        await using var server = await TestServer.StartAsync(c => c with { Monitoring = c.Monitoring with { Drift = new DriftConfig { WindowRows = 60, WindowSeconds = 0 } } });
        Assert.Equal((0, DriftMonitor.LeastRows, 0), ((int)(await server.Status())["drift"]!["rows"]!, (int)(await server.Status())["drift"]!["needed"]!, (await server.Status())["drift"]!["features"]!.AsArray().Count));
        for (var i = 0; i < 70; i++) Assert.Equal(200, (await server.PostAsync("/api/predict", """{"features":[9.5,1,50]}""")).Code);
        (await server.PostAsync("/api/predict", """{"features":[1]}""")).Error(400);
        var status = await server.Status();
        Assert.Equal((70, 0, 1, 0), ((int)status["traffic"]!["total"]!, (int)status["traffic"]!["failed"]!, (int)status["traffic"]!["refused"]!, (int)status["traffic"]!["shed"]!));
        var total = status["traffic"]!["latency"]!.AsArray().Single(s => (string)s!["stage"]! == "total")!;
        Assert.Equal(70, (int)total["n"]!);
        Assert.InRange((double)total["p50"]!, 0.001, (double)total["p99"]!);
        Assert.Equal((1, 1, 60, true), ((int)status["drift"]!["windows"]!, (int)status["drift"]!["alarms"]!, (int)status["drift"]!["rows"]!, (bool)status["drift"]!["complete"]!));
        Assert.Equal(["f0", "f1", "f2"], status["drift"]!["features"]!.AsArray().Where(f => (bool)f!["alarm"]!).Select(f => (string)f!["name"]!));
        Assert.Equal((70, 69), ((int)status["drift"]!["quality"]!["outOfRange"]!, (int)status["drift"]!["quality"]!["duplicate"]!));
        var error = Assert.Single(status["errors"]!.AsArray())!;
        Assert.Equal((400, "/api/predict"), ((int)error["status"]!, (string)error["path"]!));
        Assert.NotEqual("", (string)error["message"]!);
        Assert.Equal((70, 0), ((int)status["log"]!["written"]!, (int)status["log"]!["lost"]!));
        Assert.InRange((long)status["log"]!["bytes"]!, 70 * 100, 70 * 400);
        Assert.Equal(["rot", TestServer.Label], status["model"]!["classes"]!.AsArray().Select(c => (string)c!));
        Assert.Equal((0.0, 10.0), ((double)status["model"]!["features"]![0]!["min"]!, (double)status["model"]!["features"]![0]!["max"]!));
        Assert.True((double)status["quality"]![0]!["expected"]! > 0.5);
    }

    [Fact]
    public async Task Metrics_are_valid_and_count_what_happened()
    {
        await using var server = await TestServer.StartAsync();
        TestServer.Write(server.Registry());
        await server.Admin("canary", "2", 0.5);
        for (var i = 0; i < 30; i++) await server.Predict();
        await server.PostAsync("/api/predict", "{");
        var reply = await server.GetAsync("/metrics");
        Assert.StartsWith("text/plain; version=0.0.4", reply.Headers["Content-Type"]);
        Assert.Contains("serving_requests_total{endpoint=\"/api/predict\",status=\"200\"} 30\n", reply.Text);
        Assert.Contains("serving_requests_total{endpoint=\"/api/predict\",status=\"400\"} 1\n", reply.Text);
        Assert.Contains("serving_model_info{version=\"1\",role=\"stable\"} 1\nserving_model_info{version=\"2\",role=\"canary\"} 1\n", reply.Text);
        Assert.Contains("serving_log_records_total 30\n", reply.Text);
        Assert.Contains("serving_ready 1\n", reply.Text);
        Promtool.Check(reply.Text);
    }

    [Fact]
    public async Task When_the_log_cannot_be_written_predictions_go_on_and_the_loss_is_counted()
    {
        var root = TestServer.NewRepository();
        Directory.CreateDirectory(Path.Combine(root, "logs"));
        File.WriteAllText(Path.Combine(root, "logs", TestServer.Name), "a file where a folder should be");
        await using (var host = await ServerHost.StartAsync(new ServerOptions(root, new ServingConfig()), TestContext.Current.CancellationToken))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            for (var i = 0; i < 20; i++) Assert.True((await client.PostAsync("/api/predict", new StringContent(VersionedServer.Row), TestContext.Current.CancellationToken)).IsSuccessStatusCode);
            var status = JsonNode.Parse(await client.GetStringAsync("/api/status", TestContext.Current.CancellationToken))!;
            Assert.Equal((0, 20), ((int)status["log"]!["written"]!, (int)status["log"]!["lost"]!));
            Assert.NotNull((string?)status["log"]!["error"]);
            Assert.Contains("serving_log_lost_total 20\n", await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_server_that_is_killed_under_load_has_logged_every_prediction_that_it_answered()
    {
        var root = TestServer.NewRepository();
        TextFile.Write(Path.Combine(root, ".mlportfolio.json"), """{"template":"mlportfolio-serving","version":"0.0.0"}""");
        TextFile.Write(Path.Combine(root, ServingConfig.File), "model: sample\n");
        TextFile.Write(Path.Combine(root, "configs", "batching.yaml"), "enabled: false\n");
        var (answered, clients) = (new List<string>(), new List<Task>());
        using (var server = await ServerProcess.StartAsync(root, ["serve", "--urls", "http://127.0.0.1:0"], TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < 8; i++) clients.Add(PredictUntilKilled(server.Address));
            Wait.Until(() =>
            {
                lock (answered) return answered.Count > 3_000;
            });
        }

        await Task.WhenAll(clients);
        var kept = PredictionLog.Read(Path.Combine(root, "logs", TestServer.Name)).Select(r => $"{r.Id}").ToHashSet();
        Assert.Equal(0, answered.Count(id => !kept.Contains(id)));
        Directory.Delete(root, recursive: true);

        async Task PredictUntilKilled(Uri address)
        {
            using var client = new HttpClient { BaseAddress = address };
            try
            {
                while (true)
                {
                    using var response = await client.PostAsync("/api/predict", new StringContent(VersionedServer.Row), TestContext.Current.CancellationToken);
                    lock (answered) answered.Add(response.Headers.GetValues("X-Prediction-Id").Single());
                }
            }
            catch (HttpRequestException) { }
        }
    }
}

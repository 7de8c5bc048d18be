using System.Diagnostics;
using PortfolioProject.Evidence;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class SecurityTests
{
    private const string PredictKey = "predict-key", SecondKey = "second-key", AdminKey = "admin-key";
    private static readonly string Request = $$"""{"inputs":[{{TestServer.Tensor}}]}""";
    private static readonly ApiKeys Keys = new($"{TextFile.Sha256(PredictKey)}, {TextFile.Sha256(SecondKey).ToUpperInvariant()}", TextFile.Sha256(AdminKey));

    private static Task<TestServer> Guarded(Func<ServingConfig, ServingConfig>? configure = null) => TestServer.StartAsync(configure, o => o with { Environment = "Production", Keys = Keys });

    [Fact]
    public async Task Predictions_need_a_key_and_probes_do_not()
    {
        await using var server = await Guarded();
        foreach (var path in new[] { "/v2/health/live", "/v2/health/ready", "/v2/models/sample/ready", "/openapi/v1.json", "/" }) Assert.Equal(200, (await server.GetAsync(path)).Code);
        var refused = await server.PostAsync(TestServer.Infer, Request);
        Assert.StartsWith("Authorization: no access; expected Bearer and the predict key (or X-Api-Key), got none that is known", refused.Error(401));
        Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
        foreach (var path in new[] { "/v2", "/v2/models/sample" }) (await server.GetAsync(path)).Error(401);
        foreach (var path in new[] { "/api/predict", "/api/feedback", "/v2/models/other/infer" }) (await server.PostAsync(path, "{}")).Error(401);
        foreach (var (name, value) in new[] { ("Authorization", "Bearer " + PredictKey), ("Authorization", "bearer " + SecondKey), ("X-Api-Key", PredictKey), ("X-Api-Key", AdminKey) })
            Assert.Equal(200, (await server.PostAsync(TestServer.Infer, Request, (name, value))).Code);
        foreach (var (name, value) in new[] { ("Authorization", "Bearer wrong"), ("Authorization", "Basic " + PredictKey), ("Authorization", "Bearer "), ("X-Api-Key", TextFile.Sha256(PredictKey)), ("X-Api-Key", new string('k', 5000)) })
            (await server.PostAsync(TestServer.Infer, Request, (name, value))).Error(401);
    }

    [Fact]
    public void Without_keys_it_starts_in_development_on_loopback_only()
    {
        var none = new ApiKeys(null, null);
        none.Guard("Development", ["http://127.0.0.1:0", "http://localhost:8080", "http://[::1]:1"]);
        Keys.Guard("Production", ["http://0.0.0.0:8080"]);
        Assert.StartsWith("SERVING_PREDICT_KEY_SHA256: no predict key: the service does not start in Production without one", Assert.Throws<UserError>(() => none.Guard("Production", ["http://127.0.0.1:0"])).Message);
        Assert.StartsWith("SERVING_ADMIN_KEY_SHA256: no admin key", Assert.Throws<UserError>(() => new ApiKeys(TextFile.Sha256("a"), "").Guard("Staging", ["http://127.0.0.1:0"])).Message);
        foreach (var url in new[] { "http://0.0.0.0:8080", "http://*:80", "http://192.168.1.1:80" })
            Assert.Contains("loopback only", Assert.Throws<UserError>(() => none.Guard("Development", [url])).Message);
        Assert.Contains("never the key itself", Assert.Throws<UserError>(() => new ApiKeys("my-secret-key", null)).Message);
        Assert.DoesNotContain("my-secret-key", Assert.Throws<UserError>(() => new ApiKeys("my-secret-key", null)).Message);
    }

    [Fact]
    public async Task Without_keys_pages_of_other_sites_are_not_answered()
    {
        await using var server = await TestServer.StartAsync();
        var own = server.Host.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(200, (await server.PostAsync(TestServer.Infer, Request, ("Origin", own))).Code);
        (await server.PostAsync(TestServer.Infer, Request, ("Origin", "https://evil.example"))).Error(403);
        (await server.PostAsync(TestServer.Infer, Request, ("Origin", "null"))).Error(403);
        (await server.PostAsync(TestServer.Infer, Request, ("Host", "evil.example"))).Error(403);
        Assert.Equal(200, (await server.GetAsync("/v2/health/live", ("Host", "evil.example"))).Code);
    }

    [Fact]
    public async Task One_key_above_its_rate_is_429_with_retry_after_and_other_keys_and_probes_go_on()
    {
        await using var server = await Guarded(c => c with { Limits = c.Limits with { RatePerSecond = 1 } });
        // A burst of one a second: of three at once one is over, however slow the machine.
        var watch = Stopwatch.StartNew();
        var replies = new List<Reply>();
        do replies.Add(await server.PostAsync(TestServer.Infer, Request, ("X-Api-Key", PredictKey)));
        while (replies[^1].Code == 200 && replies.Count < 1000);
        Assert.StartsWith("too many requests with this key", replies[^1].Error(429));
        Assert.InRange(int.Parse(replies[^1].Headers["Retry-After"]), 1, 2);
        Assert.True(replies.Count <= watch.Elapsed.TotalSeconds + 3, $"{replies.Count} requests in {watch.Elapsed}");
        Assert.Equal(200, (await server.PostAsync(TestServer.Infer, Request, ("X-Api-Key", SecondKey))).Code);
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await server.GetAsync("/v2/health/ready")).Code);
    }

    [Fact]
    public async Task Every_answer_carries_security_headers_and_none_names_the_server()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var reply in new[] { await server.GetAsync("/v2"), await server.GetAsync("/nothing"), await server.PostAsync(TestServer.Infer, "{"), await server.PostAsync(TestServer.Infer, Request), await server.GetAsync("/") })
        {
            Assert.Equal(("nosniff", "DENY", "no-referrer"), (reply.Headers["X-Content-Type-Options"], reply.Headers["X-Frame-Options"], reply.Headers["Referrer-Policy"]));
            Assert.False(reply.Headers.ContainsKey("Server"));
        }
    }
}

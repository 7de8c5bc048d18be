using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Ship;

/// <summary>The image of a repository that serves: healthy, guarded by keys and scraped while it may write nothing but its volumes; ended by SIGTERM with exit code 0.</summary>
[Trait("Level", "L5"), Collection(typeof(WholeMachine))]
public sealed class ServiceImageTests(TemplateImages images) : IClassFixture<TemplateImages>
{
    public static TheoryData<string> Templates => TemplateImages.That(serve: true);

    [Theory, MemberData(nameof(Templates))]
    public async Task The_service_becomes_healthy_read_only_and_without_capabilities_and_ends_cleanly(string template)
    {
        using var service = Start(images.Of(template));
        Assert.Equal(HttpStatusCode.OK, await service.Status("v2/health/ready"));
        Assert.Equal(HttpStatusCode.Unauthorized, await service.Status("api/predict", ""));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await service.Status("api/predict", "predict-key"));
        service.Image.Docker("exec", service.Name, "sh", "-c", "! touch /repository/probe").Exits();
        service.Image.Docker("stop", "--time", "30", service.Name).Exits();
        Assert.Equal("0", service.Inspect("{{.State.ExitCode}}"));
    }

    [Theory, MemberData(nameof(Templates))]
    public async Task A_real_prometheus_scrapes_it(string template)
    {
        Assert.SkipUnless(Shell.Answers("prometheus", "--version"), "skipped: no prometheus on this machine");
        using var service = Start(images.Of(template));
        using var sandbox = new Sandbox();
        var (port, config) = (FreePort(), sandbox["prometheus.yml"]);
        File.WriteAllText(config, $"global:\n  scrape_interval: 1s\nscrape_configs:\n  - job_name: service\n    static_configs:\n      - targets: [\"127.0.0.1:{service.Port}\"]\n");
        using var prometheus = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={sandbox["tsdb"]}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]))!;
        try
        {
            using var http = new HttpClient();
            var up = "";
            for (var deadline = DateTime.UtcNow.AddMinutes(2); up != "1" && DateTime.UtcNow < deadline; await Task.Delay(300, TestContext.Current.CancellationToken))
            {
                try
                {
                    up = (string?)JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/api/v1/query?query=up", TestContext.Current.CancellationToken))?["data"]?["result"]?.AsArray().FirstOrDefault()?["value"]?[1] ?? "";
                }
                catch (HttpRequestException)
                {
                    up = "not yet";
                }
            }

            Assert.Equal("1", up);
        }
        finally
        {
            prometheus.Kill();
            prometheus.WaitForExit();
        }
    }

    private static Service Start(TemplateImages.Image image)
    {
        var (name, port) = ($"{image.Tag}-{Path.GetRandomFileName()[..6]}", FreePort());
        image.Docker("run", "--detach", "--name", name, "--network", "host", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--volume", $"{name}-models:/repository/models", "--volume", $"{name}-logs:/repository/logs",
            "--env", $"ASPNETCORE_URLS=http://127.0.0.1:{port}", "--env", $"SERVING_PREDICT_KEY_SHA256={Hash("predict-key")}", "--env", $"SERVING_ADMIN_KEY_SHA256={Hash("admin-key")}",
            image.Tag, "serve").Exits();
        var service = new Service(image, name, port);
        for (var deadline = DateTime.UtcNow.AddMinutes(2); service.Inspect("{{.State.Health.Status}}") != "healthy"; Thread.Sleep(300))
        {
            Assert.True(DateTime.UtcNow < deadline && service.Inspect("{{.State.Running}}") == "true", image.Docker("logs", name).All);
        }

        return service;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed record Service(TemplateImages.Image Image, string Name, int Port) : IDisposable
    {
        public string Inspect(string format) => Image.Docker("inspect", "--format", format, Name).Exits().Output.Trim();

        public async Task<HttpStatusCode> Status(string path, string? key = null)
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/") };
            if (key is null)
            {
                return (await http.GetAsync(path)).StatusCode;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("X-Api-Key", key);
            return (await http.SendAsync(request)).StatusCode;
        }

        public void Dispose()
        {
            Image.Docker("rm", "--force", Name);
            Image.Docker("volume", "rm", "--force", $"{Name}-models", $"{Name}-logs");
        }
    }
}

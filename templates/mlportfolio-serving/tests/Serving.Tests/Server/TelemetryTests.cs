using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using PortfolioProject.Evidence;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class TelemetryTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", TraceParent = $"00-{TraceId}-00f067aa0ba902b7-01";
    private static readonly string Request = $$"""{"inputs":[{{TestServer.Tensor}}]}""";

    /// <summary>Fails as code does that has a fault.</summary>
    private sealed class FailingPredictor : IPredictor
    {
        public ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, CancellationToken deadline) => throw new InvalidOperationException("secret detail");
    }

    [Fact]
    public async Task A_fault_of_ours_is_a_500_that_names_a_trace_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync(with: o => o with { Predictor = new FailingPredictor() });
        var reply = await server.PostAsync(TestServer.Infer, Request, ("traceparent", TraceParent));
        Assert.Equal("internal error; the log has it under trace " + TraceId, reply.Error(500));
        Wait.Until(() => server.Host.Context.InFlight() == 0);
        Assert.Equal(1, server.Host.Models.Choose(null, null)!.Monitor.Errors);
    }

    [Fact]
    public async Task Logs_are_json_lines_with_the_caller_s_trace_and_without_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM is a signal of Unix");
        var root = TestServer.NewRepository();
        using var server = ServeProcess.Start(root, "Production", (ApiKeys.PredictVariable, TextFile.Sha256("the-predict-key")), (ApiKeys.AdminVariable, TextFile.Sha256("the-admin-key")));
        var port = await ServeProcess.PortAsync(server);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, TestServer.Infer) { Content = new StringContent(Request), Headers = { { "X-Api-Key", "the-predict-key" }, { "traceparent", TraceParent } } };
        Assert.Equal(200, (int)(await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        await ServeProcess.TerminateAsync(server);
        var log = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Contains(lines, l => ((string)l["Message"]!).StartsWith("Listening on http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Equal("Stopped", (string?)lines[^1]["Message"]);
        var answered = Assert.Single(lines, l => ((string)l["Message"]!).StartsWith("Answered /v2/models/{model}/infer with 200 after ", StringComparison.Ordinal));
        Assert.Equal(TraceId, answered["Scopes"]!.AsArray().Select(scope => (string?)scope!["TraceId"]).Single(id => id is not null));
        Assert.DoesNotContain("the-predict-key", log);
        Assert.DoesNotContain(TextFile.Sha256("the-predict-key"), log);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Spans_and_durations_are_exported_when_an_endpoint_is_configured()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM is a signal of Unix");
        var received = new ConcurrentQueue<(string Path, string Text)>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        var root = TestServer.NewRepository();
        using var server = ServeProcess.Start(root, "Development", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{await ServeProcess.PortAsync(server)}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, TestServer.Infer) { Content = new StringContent(Request), Headers = { { "traceparent", TraceParent } } };
        Assert.Equal(200, (int)(await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        // What was gathered is sent at the end.
        await ServeProcess.TerminateAsync(server);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        var span = Assert.Single(received, r => r.Path == "/v1/traces").Text;
        foreach (var part in new[] { Encoding.Latin1.GetString(Convert.FromHexString(TraceId)), "prediction.rows", "model.version", "sample" }) Assert.Contains(part, span);
        Assert.Contains("serving.prediction.duration", Assert.Single(received, r => r.Path == "/v1/metrics").Text);
        Directory.Delete(root, recursive: true);
    }
}

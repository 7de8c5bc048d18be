using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>A repository in a temporary folder with a tiny model (three features, two classes), served by a real Kestrel on a free port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Name = "sample", Infer = "/v2/models/sample/infer", Label = "grün";
    public const string Tensor = """{"name":"features","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}""";

    private TestServer(string root, ServerHost host) => (Root, Host, Client) = (root, host, new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(60) });

    public string Root { get; }

    public ServerHost Host { get; }

    public HttpClient Client { get; }

    public static async Task<TestServer> StartAsync(Func<ServingConfig, ServingConfig>? configure = null, Func<ServerOptions, ServerOptions>? with = null)
    {
        var root = NewRepository();
        var options = new ServerOptions(root, (configure ?? (c => c))(new ServingConfig()));
        return new TestServer(root, await ServerHost.StartAsync((with ?? (o => o))(options), TestContext.Current.CancellationToken));
    }

    /// <summary>A folder with a registry whose version 1 is stable.</summary>
    public static string NewRepository()
    {
        var root = Directory.CreateTempSubdirectory("serving-").FullName;
        var registry = new ModelRegistry(Path.Combine(root, "models"), Name);
        Write(registry);
        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "first"));
        return root;
    }

    public static Bundle Write(ModelRegistry registry)
    {
        var weights = new Dictionary<string, Tensor> { ["linear.weight"] = new([2, 3], [0.5f, -0.25f, 0.125f, -0.5f, 0.25f, 0.0625f]), ["linear.bias"] = new([2], [0.1f, -0.1f]) };
        FeatureColumn[] features = [.. Enumerable.Range(0, 3).Select(i => new FeatureColumn($"f{i}", 0, 10, 5, 2, new Histogram([2, 5, 8], [10, 20, 20, 10])))];
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, Name, "", DateTimeOffset.UnixEpoch, "builtin", "softmax", features, ["rot", Label],
            1, FeatureColumn.Sha256(features), new DataFile("data.csv", "", 0), 60, null, 2026, new Dictionary<string, double>(), [new GoldenRow([1, 2, 3], []), new GoldenRow([9, 1, 4], [])], new Dictionary<string, string>());
        return BundleWriter.Write(registry, manifest, weights, m => $"# {m.Name} {m.Version}\n", new BuiltinEngine());
    }

    public async Task<Reply> SendAsync(string method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content!.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Reply> GetAsync(string path, params (string, string)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Reply> PostAsync(string path, string body, params (string, string)[] headers) => SendAsync("POST", path, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>What a socket gets back for exactly these bytes, until the server closes or says nothing for a while.</summary>
    public async Task<string> RawAsync(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Host.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
        return await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>One server for all tests of a class.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A response, read whole.</summary>
internal sealed record Reply(HttpStatusCode Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public int Code => (int)Status;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The message of an error answer: a 4xx or 5xx with {"error": …} and nothing else.</summary>
    public string Error(int status)
    {
        Assert.True(status == Code, $"expected {status}, got {Code}: {Text}");
        Assert.StartsWith("application/json", Headers["Content-Type"]);
        Assert.Equal(["error"], Json.AsObject().Select(m => m.Key));
        Assert.NotEqual("", (string?)Json["error"]);
        return (string)Json["error"]!;
    }
}

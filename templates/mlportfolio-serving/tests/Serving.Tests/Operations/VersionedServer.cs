using System.Globalization;
using System.Text.Json.Nodes;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;

namespace PortfolioProject.Serving.Tests;

/// <summary>A server whose registry has more versions: version 1 of <see cref="TestServer"/> is stable, others differ by a bias that moves their probabilities.</summary>
internal static class VersionedServer
{
    public const string Row = """{"features":[1,2,3]}""";

    public static ModelRegistry Registry(this TestServer server) => new(Path.Combine(server.Root, "models"), TestServer.Name);

    public static void Log(this TestServer server, string action, string? version = null, double? share = null) =>
        server.Registry().Append(new Promotion(DateTimeOffset.UtcNow, action, version, share, "cli", "test"));

    /// <summary>The next version, whose first class is favoured by so many logits.</summary>
    public static Bundle AddVersion(this TestServer server, float bias, int features = 3)
    {
        FeatureColumn[] columns = [.. Enumerable.Range(0, features).Select(i => new FeatureColumn($"f{i}", 0, 10, 5, 2, new Histogram([2, 5, 8], [10, 20, 20, 10])))];
        var weights = new Dictionary<string, Tensor> { ["linear.weight"] = new([2, features], [.. Enumerable.Range(0, 2 * features).Select(i => (i - features) / 8f)]), ["linear.bias"] = new([2], [bias, -bias]) };
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, TestServer.Name, "", DateTimeOffset.UnixEpoch, "builtin", "softmax", columns,
            ["rot", TestServer.Label], 1, FeatureColumn.Sha256(columns), new DataFile("data.csv", "", 0), 60, null, 2026, new Dictionary<string, double>(), [new GoldenRow([.. new float[features]], [])], new Dictionary<string, string>());
        return BundleWriter.Write(server.Registry(), manifest, weights, m => $"# {m.Version}\n", new BuiltinEngine());
    }

    /// <summary>Waits until the server has followed the log so far.</summary>
    public static Task Serves(this TestServer server, string version) => Wait.UntilAsync(() => Task.FromResult(server.Host.Models.Choose(null, null)?.Version == version));

    public static async Task<Reply> Predict(this TestServer server, string? key = null) =>
        await server.PostAsync("/api/predict", Row, key is null ? [] : [("X-Sticky-Key", key)]);

    public static string Version(this Reply reply) => (string)reply.Json["model"]!["version"]!;

    public static async Task<JsonNode> Status(this TestServer server) => (await server.GetAsync("/api/status")).Json;

    public static Task<Reply> Admin(this TestServer server, string action, string? version = null, double? share = null) => server.PostAsync($"/api/admin/{action}",
        new JsonObject(new[] { KeyValuePair.Create("version", (JsonNode?)version), KeyValuePair.Create("share", (JsonNode?)share) }.Where(p => p.Value is not null)).ToJsonString());

    public static double FirstProbability(this Reply reply) => double.Parse(reply.Json["probabilities"]!["rot"]!.ToJsonString(), CultureInfo.InvariantCulture);
}

using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;

namespace PortfolioProject.Serving.Tests;

/// <summary>A softmax regression of three features into two classes with weights given by hand, packaged in a folder of its own.</summary>
internal sealed class SampleBundle : IDisposable
{
    public SampleBundle(float weight = 1)
    {
        var features = new[] { "a", "b", "c" }.Select(n => new FeatureColumn(n, -1, 1, 0.5, 2, new Histogram([0], [5, 5]))).ToList();
        var weights = new Dictionary<string, Tensor>
        {
            ["linear.weight"] = new([2, 3], [weight, -0.5f, 0.25f, -weight, 0.5f, 2]),
            ["linear.bias"] = new([2], [0.1f, -0.1f]),
        };
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, "sample", "", DateTimeOffset.UnixEpoch, "builtin", "softmax", features,
            ["no", "yes, \"sure\""], 1, FeatureColumn.Sha256(features), new DataFile("data.csv", "", 0), 10, null, 2026, new Dictionary<string, double>(), [new GoldenRow([1, 2, 3], [])], new Dictionary<string, string>());
        Bundle = BundleWriter.Write(new ModelRegistry(Folder, "sample"), manifest, weights, _ => "card\n", new BuiltinEngine());
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bundle-").FullName;

    public Bundle Bundle { get; }

    public string File(string name, string text)
    {
        TextFile.Write(Path.Combine(Folder, name), text);
        return Path.Combine(Folder, name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

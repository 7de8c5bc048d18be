using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

/// <summary>A folder of its own for a test, and small things to put there.</summary>
internal sealed class OperationsSample : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("serving-operations-").FullName;

    public static PredictionOutcome Outcome(DateTimeOffset? at = null, string version = "1", string role = "stable", string? cluster = null)
    {
        var when = at ?? DateTimeOffset.UtcNow;
        return new PredictionOutcome(Guid.CreateVersion7(when), when, version, role, cluster);
    }

    public static bool Append(PredictionLog log, in PredictionOutcome outcome, int label = 0, float confidence = 0.9f, params float[] row) =>
        log.Append(outcome, row.Length == 0 ? [1, 2, 3] : row, [label == 0 ? "no" : "yes \"x\""], [confidence]);

    /// <summary>Equal-width bins between the least and the greatest value.</summary>
    public static FeatureColumn Feature(string name, IReadOnlyList<float> values, int bins = 20)
    {
        var (least, most) = (values.Min(), values.Max());
        double[] edges = least == most ? [least] : [.. Enumerable.Range(1, bins - 1).Select(i => least + ((most - least) * (double)i / bins))];
        var counts = new long[edges.Length + 1];
        foreach (var value in values) counts[edges.TakeWhile(e => value > (float)e).Count()]++;
        return new FeatureColumn(name, least, most, 0, 1, new Histogram(edges, counts));
    }

    public static BundleManifest Manifest(IReadOnlyList<FeatureColumn> features, string version = "1", params string[] classes) => new(BundleManifest.CurrentFormat, "sample", version,
        DateTimeOffset.UnixEpoch, "builtin", "softmax", features, classes, 1, "",
        new DataFile("data.csv", "", 0), 100, null, 2026, new Dictionary<string, double>(), [], new Dictionary<string, string>());

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A clock that the test moves.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan by) => _now += by;
}

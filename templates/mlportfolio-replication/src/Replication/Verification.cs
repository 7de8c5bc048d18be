using System.Runtime.InteropServices;

namespace PortfolioProject.Replication;

/// <summary>Recomputes published runs from their own manifests and compares every value.</summary>
public static class Verification
{
    /// <summary>Every difference between a published run and what its configuration gives now; exact on the system it was made on, elsewhere to 1e-6 relative.</summary>
    public static (bool Exact, IReadOnlyList<string> Differences) Verify(string root, Study study, Run published, Func<Run, MetricTable> measure, Action<string, double> progress, CancellationToken cancel)
    {
        var experiment = study.Load(published.Manifest.Config.ToJsonString(), Path.Combine(published.Folder, "run.json"), []);
        var exact = published.Manifest.Os == RuntimeInformation.OSDescription && $"{published.Manifest.Facts?["architecture"]}" == $"{RuntimeInformation.ProcessArchitecture}";
        var differences = new List<string>();
        if (TextFile.Sha256(StrictYaml.Canonical(experiment.Configuration)) != published.Manifest.ConfigHash) differences.Add("run.json: its configuration is not the one that its hash was taken of");
        var fresh = ExperimentRun.Compute(root, experiment, progress, cancel);
        var expected = fresh.ToDictionary(c => (c.Variant, c.Case));
        var claimed = published.Cases.ToDictionary(c => (c.Variant, c.Case));
        foreach (var key in expected.Keys.Union(claimed.Keys))
        {
            var (a, b) = (claimed.GetValueOrDefault(key), expected.GetValueOrDefault(key));
            if (a is null || b is null) differences.Add($"cases.jsonl: {key.Variant} / {key.Case} is {(a is null ? "missing" : "not of this experiment")}");
            else differences.AddRange(Compare(a, b, exact).Select(d => $"cases.jsonl: {key.Variant} / {key.Case}: {d}"));
        }

        var metrics = measure(published).Rows.ToDictionary(r => (r.Name, r.Variant, r.Slice));
        foreach (var row in published.LoadMetrics().Rows)
            if (!metrics.TryGetValue((row.Name, row.Variant, row.Slice), out var now) || !Near(row.Value, now.Value, exact) || !Near(row.Interval?.Low, now.Interval?.Low, exact) || !Near(row.Interval?.High, now.Interval?.High, exact))
                differences.Add($"metrics.json: {row.Name} of {row.Variant}{(row.Slice is null ? "" : " at " + row.Slice)} does not follow from cases.jsonl");
        foreach (var (name, text) in Artefacts.Published(study, published))
            if (TextFile.Read(Path.Combine(published.Folder, name)) != text) differences.Add($"{name} does not follow from cases.jsonl");
        return (exact, differences);
    }

    private static IEnumerable<string> Compare(CaseRecord claimed, CaseRecord now, bool exact)
    {
        if (claimed.Cluster != now.Cluster || claimed.Outcome != now.Outcome || !claimed.Tags.OrderBy(t => t.Key).SequenceEqual(now.Tags.OrderBy(t => t.Key))) yield return "names differ";
        if (!Same(claimed.Detail, now.Detail, exact)) yield return "detail differs";
        foreach (var name in claimed.Values.Keys.Union(now.Values.Keys))
        {
            double? a = claimed.Values.TryGetValue(name, out var x) ? x : null, b = now.Values.TryGetValue(name, out var y) ? y : null;
            if (!Near(a, b, exact)) yield return FormattableString.Invariant($"{name} claimed {a}, recomputed {b}");
        }
    }

    private static bool Same(JsonNode? a, JsonNode? b, bool exact) => !exact || JsonNode.DeepEquals(JsonNode.Parse(a?.ToJsonString() ?? "null"), JsonNode.Parse(b?.ToJsonString() ?? "null"));

    /// <summary>Squared residuals of interpolation are rounding noise: below 1e-15 two are equal unless exactness is asked for.</summary>
    private static bool Near(double? a, double? b, bool exact) => a == b || (!exact && Math.Abs((a - b) ?? double.NaN) <= Math.Max(1e-15, 1e-6 * Math.Abs(b ?? 0)));
}

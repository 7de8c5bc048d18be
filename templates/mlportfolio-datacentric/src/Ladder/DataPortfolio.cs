namespace PortfolioProject.Ladder;

/// <summary>What this repository plugs into the shared verbs: metrics over seeds, charts, block data and checks.</summary>
public static class DataPortfolio
{
    public static Portfolio Create(string root)
    {
        var config = RunConfig.Load(Path.Combine(root, "configs", "run.yaml"), []);
        return new()
        {
            Root = root,
            Metrics = Scoring.Metrics,
            Measure = Measure,
            BaselineVariant = LadderSteps.Redesigned,
            Charts = LadderCharts.Of,
            Model = (run, metrics) => ReportModel.Of(run, metrics, Beside(root, run, LadderRun.Hard), Beside(root, run, LadderRun.Detection)),
            Checks = [new Check("data contract", () => config.LoadTable(root) is null ? [] : []), new Check("frozen model", () => Frozen(root, config)), new Check("one dataset", () => OneDataset(root)), new Check("configuration", () => Changed(root, config))],
        };
    }

    public static MetricTable Measure(Run run) => MetricTable.Measure(run.Cases, Scoring.Metrics, run.Manifest.Seed);

    private static Run? Pinned(string root, string kind) => Path.Combine(root, "results", kind) is var folder && Directory.Exists(folder) ? Run.Load(folder) : null;

    /// <summary>A pinned run of the same data: what was measured on other data says nothing about these.</summary>
    private static Run? Beside(string root, Run main, string kind) => Pinned(root, kind) is { } run && Version(run) == Version(main) ? run : null;

    private static string? Version(Run? run) => (string?)run?.Manifest.Facts?["dataset"]?["version"];

    private static IReadOnlyList<Finding> OneDataset(string root) => [.. new[] { LadderRun.Hard, LadderRun.Detection }.Where(kind => Pinned(root, kind) is { } run && Version(run) != Version(Pinned(root, LadderRun.Main)))
        .Select(kind => new Finding(Severity.Warning, $"results/{kind}", "was measured on other data than results/main and is left out of the documents: delete the folder, or pin a run of these data"))];

    /// <summary>Every published result must have been measured with the model that stands in the configuration.</summary>
    private static IReadOnlyList<Finding> Frozen(string root, RunConfig config) =>
        [.. from kind in new[] { LadderRun.Main, LadderRun.Hard, LadderRun.Detection }
            let run = Pinned(root, kind)
            where run is not null
            from c in run.Cases
            where (string?)c.Detail?["model"] != config.ModelHash
            select new Finding(Severity.Error, $"results/{kind}", $"{c.Variant} of {c.Case} was measured with model {c.Detail?["model"]}, configs/run.yaml has {config.ModelHash}: the model is frozen")];

    /// <summary>What the published run was made with, against what stands here now.</summary>
    private static IReadOnlyList<Finding> Changed(string root, RunConfig config) => Pinned(root, LadderRun.Main)?.Manifest.Config["inputs"] is not { } then ? []
        : [.. from now in new (string Key, string File, object Value)[] { ("run", "configs/run.yaml", config with { Threads = 0 }), ("contract", "the contract", config.LoadTable(root).Contract) }
            where !JsonNode.DeepEquals(JsonNode.Parse(StrictYaml.Canonical(now.Value)), then[now.Key])
            select new Finding(Severity.Warning, now.File, "differs from what the published run was made with: run and pin again")];
}

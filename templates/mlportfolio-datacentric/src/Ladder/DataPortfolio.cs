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
            Model = (run, metrics) => ReportModel.Of(run, metrics, Pinned(root, LadderRun.Hard), Pinned(root, LadderRun.Detection)),
            Checks = [new Check("data contract", () => config.LoadTable(root) is null ? [] : []), new Check("frozen model", () => Frozen(root, config)), new Check("configuration", () => Changed(root, config))],
        };
    }

    public static MetricTable Measure(Run run) => MetricTable.Measure(run.Cases, Scoring.Metrics, run.Manifest.Seed);

    private static Run? Pinned(string root, string kind) => Path.Combine(root, "results", kind) is var folder && Directory.Exists(folder) ? Run.Load(folder) : null;

    /// <summary>Every published result must have been measured with the model that stands in the configuration.</summary>
    private static IReadOnlyList<Finding> Frozen(string root, RunConfig config) =>
        [.. from kind in new[] { LadderRun.Main, LadderRun.Hard, LadderRun.Detection }
            let run = Pinned(root, kind)
            where run is not null
            from c in run.Cases
            where (string?)c.Detail?["model"] != config.ModelHash
            select new Finding(Severity.Error, $"results/{kind}", $"{c.Variant} of {c.Case} was measured with model {c.Detail?["model"]}, configs/run.yaml has {config.ModelHash}: the model is frozen")];

    private static IReadOnlyList<Finding> Changed(string root, RunConfig config) =>
        Pinned(root, LadderRun.Main)?.Manifest.Config["inputs"]?["run"] is { } then && !JsonNode.DeepEquals(JsonNode.Parse(StrictYaml.Canonical(config with { Threads = 0 })), then)
            ? [new Finding(Severity.Warning, "configs/run.yaml", "differs from what the published run was made with: run and pin again")] : [];
}

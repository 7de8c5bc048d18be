namespace PortfolioProject.Evaluation;

/// <summary>What this repository plugs into the shared verbs: its metrics, charts, block data and checks.</summary>
public static class HarnessPortfolio
{
    public static IReadOnlyList<string> SliceTags { get; } = ["type", "difficulty", "length", "answerable", "cluster"];
    private static readonly string[] Kinds = [ChunkSweep.Kind, PoisonSuite.Kind, JudgeMetrics.Kind];
    private static readonly string[] SliceMetrics = ["accuracy", "f1", "context-recall"];

    /// <param name="root">The repository.</param>
    /// <param name="more">Checks beyond those of the evaluation set and its configuration.</param>
    public static Portfolio Create(string root, params Check[] more)
    {
        var config = RunConfig.Load(Path.Combine(root, "configs", "run.yaml"), []);
        return new()
        {
            Root = root,
            Metrics = [.. HarnessMetrics.Main, .. Repeats.Definitions, .. PoisonSuite.Definitions, .. JudgeMetrics.Definitions, .. ChunkSweep.Definitions(config.Sweep.Budgets)],
            BaselineVariant = config.Baseline,
            Measure = Measure,
            Scope = InTest,
            Charts = ReportCharts.Of,
            Model = (run, metrics) => ReportModel.Of(run, metrics, [.. Kinds.Select(k => Path.Combine(root, "results", k)).Where(Directory.Exists).Select(Run.Load)]),
            Checks = [new Check("configuration", () => Changed(root, config)), new Check("evaluation set", () => new EvalSetLinter(Dataset.Load(root, config.Data.Path), config.Seed, config.RetrievalDepth).Lint()), .. more],
        };
    }

    /// <summary>metrics.json, from the cases alone: the test split, sliced, with null systems marked.</summary>
    public static MetricTable Measure(Run run)
    {
        var (main, sweep) = (run.Manifest.Kind == EvaluationRun.Kind, run.Manifest.Kind == ChunkSweep.Kind);
        var options = new MeasureOptions
        {
            Scope = InTest,
            Slices = sweep ? ["type"] : main ? SliceTags : [],
            SliceMetrics = sweep ? null : SliceMetrics,
            Resamples = (int?)run.Manifest.Config["inputs"]?["run"]?["resamples"] ?? 10_000,
            NullVariants = main ? NullSystems(run) : new HashSet<string>(),
        };
        return run.Manifest.Kind == JudgeMetrics.Kind ? JudgeMetrics.Measure(run, options) : MetricTable.Measure(run.Cases, Definitions(run), run.Manifest.Seed, options);
    }

    public static IReadOnlyList<MetricDefinition> Definitions(Run run) => run.Manifest.Kind switch
    {
        ChunkSweep.Kind => ChunkSweep.Definitions(Budgets(run)),
        PoisonSuite.Kind => PoisonSuite.Definitions,
        JudgeMetrics.Kind => JudgeMetrics.Of(run),
        _ => [.. HarnessMetrics.Main, .. Repeats.Definitions.Where(d => run.Cases.Any(c => c.Values.ContainsKey(d.Name)))],
    };

    public static IEnumerable<int> Budgets(Run run) =>
        run.Manifest.Config["inputs"]?["run"]?["sweep"]?["budgets"]?.AsArray().Select(b => (int)b!) ?? [];

    public static IReadOnlySet<string> NullSystems(Run run) =>
        run.Manifest.Config["inputs"]?["systems"]?.AsArray().OfType<JsonObject>().Where(s => (bool?)s["null_system"] == true).Select(s => (string)s["name"]!).ToHashSet() ?? [];

    public static IEnumerable<CaseRecord> InTestOf(Run run, string system) => run.Cases.Where(c => c.Variant == system && InTest(c));

    public static bool InTest(CaseRecord c) => c.Tags.GetValueOrDefault("split") == "test";

    /// <summary>What stands in configs/ and is not what the published run was made with.</summary>
    private static IReadOnlyList<Finding> Changed(string root, RunConfig config)
    {
        var systems = SystemConfig.LoadAll(root, config.Systems);
        var published = Path.Combine(root, "results", EvaluationRun.Kind);
        if (!Directory.Exists(published) || Run.Load(published).Manifest.Config["inputs"] is not { } inputs) return [];
        var then = (inputs["systems"]?.AsArray() ?? []).ToDictionary(s => (string)s!["name"]!);
        bool Same(object now, JsonNode? was) => JsonNode.DeepEquals(JsonNode.Parse(StrictYaml.Canonical(now)), was);
        return [.. systems.Where(s => then.ContainsKey(s.Name) && !Same(s, then[s.Name])).Select(s => $"{config.Systems}/{s.Name}.yaml").Concat(Same(config, inputs["run"]) ? [] : ["configs/run.yaml"])
            .Select(f => new Finding(Severity.Warning, f, "differs from what the published run was made with: run and pin again"))];
    }
}

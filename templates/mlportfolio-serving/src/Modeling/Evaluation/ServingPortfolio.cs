namespace PortfolioProject.Modeling;

/// <summary>Another kind of run than the evaluation, such as a benchmark: its metrics and charts, and data for blocks once it is pinned.</summary>
public sealed record EvidenceKind(string Kind, IReadOnlyList<MetricDefinition> Metrics, Func<Run, MetricTable> Measure,
    Func<Run, IReadOnlyDictionary<string, string>> Charts, Func<Run, JsonObject> Model);

/// <summary>What this repository plugs into the shared verbs: its metrics, charts, block data and checks.</summary>
public static class ServingPortfolio
{
    /// <summary>Probabilities below this count as this in log-loss: float32 can round one to 0.</summary>
    public const double SmallestProbability = 1e-7;

    private const string Rows = "all held-out rows";

    public static MetricDefinition Accuracy { get; } = new("accuracy", "Accuracy", "share", Direction.Higher, Rows, "Rows whose likeliest class is their label.") { Headline = true };

    public static MetricDefinition CalibrationError { get; } = new("ece", "Calibration error", "share", Direction.Lower, Rows, "Mean distance between confidence and accuracy over ten bins of confidence, weighted by rows; no interval, because it is no mean of rows.");

    public static IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        Accuracy,
        new("log-loss", "Log-loss", "nats", Direction.Lower, Rows, "−ln of the probability given to the label, at least 1e-7."),
        new("brier", "Brier score", "points", Direction.Lower, Rows, "Squared distance between the probabilities and the label as 0 and 1, summed over classes."),
        new("confidence", "Confidence", "share", Direction.None, Rows, "Probability of the likeliest class."),
    ];

    public static Portfolio Create(string root, params IReadOnlyList<EvidenceKind> others) => new()
    {
        Root = root,
        Metrics = [.. Metrics, CalibrationError, .. others.SelectMany(o => o.Metrics)],
        BaselineVariant = "softmax",
        Measure = run => (others.FirstOrDefault(o => o.Kind == run.Manifest.Kind)?.Measure ?? Measure)(run),
        Charts = run => (others.FirstOrDefault(o => o.Kind == run.Manifest.Kind)?.Charts ?? ReportModel.Charts)(run),
        Model = (run, metrics) =>
        {
            var model = ReportModel.Of(run);
            model["output"] = JsonSerializer.SerializeToNode(ReportModel.Summary(run, metrics));
            foreach (var other in others.Where(o => Directory.Exists(Path.Combine(root, "results", o.Kind))))
                foreach (var (key, value) in other.Model(Run.Load(Path.Combine(root, "results", other.Kind)))) model[key] = value?.DeepClone();
            return model;
        },
        Checks = [new Check("configuration", () => Changed(root))],
    };

    /// <summary>metrics.json, from the cases alone.</summary>
    public static MetricTable Measure(Run run)
    {
        var table = MetricTable.Measure(run.Cases, Metrics, run.Manifest.Seed, new MeasureOptions
        {
            Slices = ["label"],
            Resamples = (int?)run.Manifest.Config["resamples"] ?? 10_000,
            NullVariants = run.Variants.Where(v => IsNull(run, v)).ToHashSet(),
        });
        var errors = run.Cases.GroupBy(c => c.Variant).Select(v => new MetricRow(CalibrationError.Name, v.Key, v.Count(), v.Select(c => c.Cluster).Distinct().Count(), 0,
            CalibrationError.Unit, CalibrationError.Direction, Rows, Value: ReliabilityBin.Error(ReliabilityBin.Of(v))));
        return new MetricTable([.. table.Rows, .. errors]);
    }

    internal static bool IsNull(Run run, string variant) => (string?)run.Manifest.Config["variants"]?[variant]?["model"] == "majority";

    private static IReadOnlyList<Finding> Changed(string root)
    {
        var (config, published) = (TrainingConfig.Load(root), Path.Combine(root, "results", EvidenceRun.Kind));
        return !Directory.Exists(published) || JsonNode.DeepEquals(JsonNode.Parse(StrictYaml.Canonical(config)), Run.Load(published).Manifest.Config) ? []
            : [new Finding(Severity.Warning, TrainingConfig.File, "differs from what the published run was made with: run and pin again")];
    }
}

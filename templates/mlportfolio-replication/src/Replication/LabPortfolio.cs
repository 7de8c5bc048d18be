namespace PortfolioProject.Replication;

/// <summary>What this repository plugs into the shared verbs: its metrics, artefacts, block data and checks.</summary>
public static class LabPortfolio
{
    private const string OverSeeds = "seeds";

    public static IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        Define("test-loss", "Test loss", "squared error", Direction.Lower, "squared error summed over outputs, mean over test rows, against clean labels", headline: true),
        Define("test-error", "Test error", "share", Direction.Lower, "share of test rows whose largest output is not the label", headline: true),
        Define("train-loss", "Training loss", "squared error", Direction.Lower, "squared error summed over outputs, mean over training rows, against the labels as trained on"),
        Define("norm", "Norm of the weights", "", Direction.None, "Euclidean norm over all outputs; in the kernel limit the norm of the function", headline: true),
        Define("kernel-distance", "Distance from the kernel limit", "", Direction.Lower, "root mean square difference of test outputs"),
        Define("penalty", "Ridge penalty", "", Direction.None, "λ as chosen"),
        Define("risk", "Risk", "", Direction.None, "expected risk of the exact claims"),
        Define("peak-error", "Error of the estimated peak", "decades", Direction.Lower, "|log10| of the estimated over the reference test loss at N = n"),
        Define("train-accuracy", "Training accuracy", "share", Direction.Higher, "share of training pairs, at the last step"),
        Define("test-accuracy", "Test accuracy", "share", Direction.Higher, "share of test pairs, at the last step"),
        Define("train-step", "Steps to 99 % training accuracy", "steps", Direction.Lower, "first step at which training accuracy is at least 0.99"),
        Define("test-step", "Steps to 95 % test accuracy", "steps", Direction.Lower, "first step at which test accuracy is at least 0.95"),
        Define("delay", "Delay of generalisation", "ratio", Direction.None, "steps to 95 % test accuracy over steps to 99 % training accuracy"),
    ];

    public static Portfolio Create(string root, IReadOnlyList<Study> studies) => new()
    {
        Root = root,
        Metrics = Metrics,
        Measure = Measure,
        BaselineVariant = "minimum-norm",
        Charts = run => Artefacts.Published(StudyOf(studies, run.Manifest.Kind), run),
        Model = (main, _) => ReportModel.Of(root, studies, main),
        Checks = [new Check("claims", () => Unmeasured(root)), new Check("configurations", () => Changed(root, studies))],
    };

    public static MetricTable Measure(Run run) => MetricTable.Measure(run.Cases, Metrics, run.Manifest.Seed, new MeasureOptions
    {
        Slices = [Cells.Tag],
        SliceMetrics = run.Manifest.Kind is "main" or "smoke" ? ["test-loss", "test-error", "norm", "risk"] : ["test-loss"],
    });

    public static Study StudyOf(IReadOnlyList<Study> studies, string kind) => studies.First(s => s.Owns(kind));

    /// <summary>The published run of a kind.</summary>
    public static Run? Published(string root, string kind) => Path.Combine(root, "results", kind) is var folder && Directory.Exists(folder) ? Run.Load(folder) : null;

    private static IReadOnlyList<Finding> Unmeasured(string root) =>
        [.. ClaimJudge.Judge(ClaimFile.Read(root), kind => Published(root, kind)).Where(c => c.Outcome == Outcome.NotTested && Directory.Exists(Path.Combine(root, "results")))
            .Select(c => new Finding(Severity.Warning, ClaimFile.Name, $"{c.Claim.Id} is not tested: no published run of kind {c.Claim.Kind} measures all of its lines"))];

    /// <summary>Configurations that are not what the published run of their kind was made with.</summary>
    private static IReadOnlyList<Finding> Changed(string root, IReadOnlyList<Study> studies) =>
        [.. Directory.GetFiles(Path.Combine(root, "configs"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(f => TextFile.Read(f).Split('\n').Any(l => l.StartsWith("kind:", StringComparison.Ordinal))).SelectMany(file =>
        {
            var name = Path.GetRelativePath(root, file).Replace('\\', '/');
            var experiment = studies.First(s => s.Owns(Path.GetFileNameWithoutExtension(file))).Load(TextFile.Read(file), name, []);
            return Published(root, experiment.Kind) is { } run && run.Manifest.ConfigHash != TextFile.Sha256(StrictYaml.Canonical(experiment.Configuration))
                ? new[] { new Finding(Severity.Error, name, $"differs from what results/{experiment.Kind} was made with: run and pin again") } : [];
        })];

    private static MetricDefinition Define(string name, string title, string unit, Direction direction, string definition, bool headline = false) =>
        new(name, title, unit, direction, OverSeeds, definition) { Method = IntervalMethod.TOverSeeds, Headline = headline };
}

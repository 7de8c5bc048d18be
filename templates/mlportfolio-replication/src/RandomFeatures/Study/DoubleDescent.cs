using PortfolioProject.Evidence;
using PortfolioProject.Replication;

namespace PortfolioProject.RandomFeatures;

/// <summary>An experiment of the first paper: every seed × setting is a unit of work, every seed × size × label noise a case, every method a variant.</summary>
public sealed class DoubleDescent(ExperimentConfig config, string file) : IExperiment
{
    public const string MinimumNormVariant = "minimum-norm", RidgeVariant = "ridge", TheoryVariant = "theory";
    private static readonly int[] LemmaRows = [5, 10, 20, 40], ClosedFormRows = [10, 15, 25, 30, 40], CounterexampleRows = [1, 2];

    public string Kind => config.Kind;
    public object Configuration => config;
    public IReadOnlyList<string> DataFiles => [config.Data];

    public void SelfCheck() => SelfChecks.Run();

    public IReadOnlyList<WorkUnit> Plan(string root)
    {
        var data = Dataset.Load(root, config.Data, config.Sha256, config.DivideBy);
        if (config.Samples.Max() >= data.Labels.Count)
            throw new UserError("more training rows than the data has", file, field: "samples", expected: $"less than {data.Labels.Count}, so that rows are left to test on", got: $"{config.Samples.Max()}");
        if (config.Theory && config.Truncations is not [0]) throw new UserError("the theory needs exact solutions", file, field: "truncations", expected: "[0]");
        var units =
            from seed in config.Seeds
            from samples in config.Samples
            from bandwidth in config.Bandwidths
            from features in config.Features
            let suffix = (config.Bandwidths.Count > 1 ? $", bandwidth {Cells.Number(bandwidth)}" : "") + (config.Features.Count > 1 ? $", {$"{features}".ToLowerInvariant()}" : "")
            let protocol = new Protocol(samples, config.WidthsAt(samples), config.Noise, bandwidth, features, Methods(suffix)) { Standardize = config.Standardize }
            select (protocol, suffix, seed);
        if (config.SeedGroup > 0) return [.. units.Chunk(config.SeedGroup).Select((group, i) => SeedCount.Unit(i, [.. group.Select(u => u.seed)], group[0].protocol, data))];
        return [.. units.Select(u => Unit(u.protocol, u.suffix, data, u.seed)), .. config.Theory ? config.Seeds.Select(Theory) : []];
    }

    private IReadOnlyList<Method> Methods(string suffix) =>
    [
        .. config.Truncations.Select(t => new Method(MinimumNormVariant + suffix + (t == 0 ? "" : $", truncation {Cells.Number(t)}"), t, [])),
        .. config.Penalties.Select(grid => new Method(RidgeVariant + suffix + (grid.Count > 1 ? "" : $", penalty {Cells.Number(grid[0])}"), 0, grid)),
    ];

    private WorkUnit Unit(Protocol protocol, string suffix, Dataset data, long seed)
    {
        string Cell(double noise, int? width) => $"noise {Cells.Number(noise)}, " + (width is null ? "limit " : "")
            + (config.Samples.Count > 1 ? $"n {protocol.Samples}" : width is null ? "" : $"N/n {Cells.Number(config.Ratios is { } r ? r[protocol.Widths.Index().First(w => w.Item == width).Index] : width.Value / (double)protocol.Samples)}");
        var keys =
            from noise in protocol.Noise
            from width in protocol.Widths.Select(w => (int?)w).Append(null)
            from name in width is null ? [SeedRun.KernelMethod + suffix] : protocol.Methods.Select(m => m.Name)
            select (name, Cells.Case(seed, Cell(noise, width).TrimEnd()));
        CaseRecord Record(CellResult r) => Cells.Record(r.Method == SeedRun.KernelMethod ? r.Method + suffix : r.Method, Cell(r.Noise, r.Width).TrimEnd(), seed,
        [
            ("test-loss", r.TestLoss), ("test-error", r.TestError), ("train-loss", r.TrainLoss), ("norm", r.Norm), ("penalty", r.Penalty),
            ("kernel-distance", r.Width is null || protocol.Features == FeatureKind.Relu ? null : r.KernelDistance), ("features", r.Width), ("samples", protocol.Samples),
        ], new Dictionary<string, string> { ["noise"] = Cells.Number(r.Noise), ["regime"] = Regime(r.Width / (double)protocol.Samples) });
        return new WorkUnit(seed, [.. keys], () =>
        {
            var run = new SeedRun(protocol, data.Rows, data.Labels, data.Classes, seed);
            return [.. run.Kernel.Concat(run.Run()).Select(Record)];
        });
    }

    private static string Regime(double? ratio) => ratio switch { null => "limit", < 0.945 => "below", <= 1.055 => "threshold", _ => "beyond" };

    /// <summary>The exact claims; what is random in them is drawn from the seed.</summary>
    private static WorkUnit Theory(long seed)
    {
        var cells = LemmaRows.Select(n => ($"isotropic n {n}", (Func<(string, double?)[]>)(() => [("penalty", IsotropicRegression.BestPenalty(n, seed))])))
            .Concat(ClosedFormRows.Select(n => ($"minimum-norm n {n}", (Func<(string, double?)[]>)(() => [("closed-form", IsotropicRegression.ClosedForm(n)), ("risk", IsotropicRegression.Simulate(n, seed))]))))
            .Concat(CounterexampleRows.Select(n => ($"counterexample n {n}", (Func<(string, double?)[]>)(() => Counterexample.Best(n) is var best ? [("penalty", best.Penalty), ("risk", best.Risk)] : []))))
            .ToList();
        return new WorkUnit(seed, [.. cells.Select(c => (TheoryVariant, Cells.Case(seed, c.Item1)))],
            () => [.. cells.Select(c => Cells.Record(TheoryVariant, c.Item1, seed, c.Item2()))]);
    }
}

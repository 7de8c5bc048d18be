namespace PortfolioProject.Grokking;

/// <summary>An experiment of the second paper: every seed × share × width is a unit of work and a case. Streams: 1 which pairs are trained on, 2 weights, 3 analytic phases.</summary>
public sealed class ModularAddition(GrokkingConfig config, ModularEngine engine) : IExperiment
{
    private const double TrainReached = 0.99, TestReached = 0.95;

    public string Kind => config.Kind;
    public object Configuration => config;
    public IReadOnlyList<string> DataFiles => [];

    public string? Platform => engine.Platform;

    public void SelfCheck() => engine.SelfCheck();

    /// <summary>Gradients against central differences, in each of the three matrices.</summary>
    internal static void CheckGradients()
    {
        Pair[] pairs = [new(0, 1), new(2, 2), new(4, 3), new(1, 1)];
        var network = QuadraticNetwork.Random(5, 7, new RandomStream(1, 2));
        var gradient = network.Gradient(pairs);
        foreach (var (weights, derived) in new[] { (network.U, gradient.U), (network.V, gradient.V), (network.W, gradient.W) })
            foreach (var i in new[] { 0, 10, weights.Values.Length - 1 })
            {
                const double Nudge = 1e-5;
                var kept = weights.Values[i];
                weights.Values[i] = kept + Nudge;
                var above = network.Gradient(pairs).Loss;
                weights.Values[i] = kept - Nudge;
                var below = network.Gradient(pairs).Loss;
                weights.Values[i] = kept;
                if (!(Math.Abs(((above - below) / (2 * Nudge)) - derived.Values[i]) <= 1e-8))
                    throw new UserError("self-check failed: a gradient differs from central differences", got: FormattableString.Invariant($"{(above - below) / (2 * Nudge)} against {derived.Values[i]}"), fix: "Do not use this run") { Code = ExitCode.Regression };
            }
    }

    public IReadOnlyList<WorkUnit> Plan(string root) =>
    [
        .. from seed in config.Seeds from share in config.Shares from width in config.Widths
           let cell = $"{config.Prefix}share {Cells.Number(share)} width {width}"
           select new WorkUnit(seed, [(cell, Cells.Case(seed, cell))], () => [Train(seed, share, width, cell)]),
        .. from seed in config.Analytic is null ? [] : config.Seeds from width in config.Analytic!.Widths
           let cell = $"analytic width {width}"
           select new WorkUnit(seed, [(cell, Cells.Case(seed, cell))], () => [Cells.Record(cell, cell, seed, [("test-accuracy", Analytic(config.Analytic!.Modulus, width, seed))])]),
    ];

    /// <summary>Accuracy of closed-form weights over all p² pairs.</summary>
    public static double Analytic(int modulus, int width, long seed)
    {
        var network = QuadraticNetwork.Analytic(modulus, width, new RandomStream(seed, 3));
        return Enumerable.Range(0, modulus).Average(a => network.Accuracy([.. Enumerable.Range(0, modulus).Select(b => new Pair(a, b))]));
    }

    private CaseRecord Train(long seed, double share, int width, string cell)
    {
        var p = config.Modulus;
        Pair[] pairs = [.. Enumerable.Range(0, p * p).Select(i => new Pair(i / p, i % p))];
        new RandomStream(seed, 1).Shuffle<Pair>(pairs);
        var (train, test) = (pairs[..(int)Math.Round(share * pairs.Length)], pairs[(int)Math.Round(share * pairs.Length)..]);
        var network = engine.Create(config, width, seed);
        using var native = network as IDisposable;
        var (curve, trainStep, testStep, known, held) = (new JsonArray(), (int?)null, (int?)null, 0.0, 0.0);
        var mark = 1.0;
        for (var step = 0; ; step++)
        {
            var last = step >= config.Steps;
            if (step % (config.Every ?? 10) == 0 || last)
            {
                (known, held) = (network.Accuracy(train), network.Accuracy(test));
                trainStep ??= known >= TrainReached ? step : null;
                testStep ??= held >= TestReached ? step : null;
                last |= known == 1 && held == 1;
                if (step >= mark || last)
                {
                    curve.Add(new JsonArray(step, Cells.Cut(known), Cells.Cut(held)));
                    mark = step * 1.12;
                }

                if (last) break;
            }

            if (!double.IsFinite(network.Step(train, config.LearningRate)))
                throw new UserError("training diverged", got: $"a loss that is not finite at step {step}, seed {seed}", fix: "A smaller learning_rate");
        }

        var missed = new Dictionary<string, string>();
        if (trainStep is null) missed["train-step"] = $"not within {config.Steps} steps";
        if (testStep is null) missed["test-step"] = missed["delay"] = $"not within {config.Steps} steps";
        return Cells.Record(cell, cell, seed, [("train-accuracy", known), ("test-accuracy", held), ("train-step", trainStep), ("test-step", testStep),
            ("delay", trainStep > 0 && testStep is not null ? testStep / (double)trainStep : null)], detail: new JsonObject { ["curve"] = curve }) with
        { Unscored = missed.Count == 0 ? null : missed };
    }
}

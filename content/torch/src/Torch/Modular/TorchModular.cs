using PortfolioProject.Grokking;

namespace PortfolioProject.Torch;

/// <summary>Networks on modular addition over libtorch: the quadratic network at sizes that take the managed one hours, and the transformer.</summary>
public static class TorchModular
{
    /// <summary>The engine on a device; a device or precision that this machine lacks is a <see cref="UserError"/>.</summary>
    public static ModularEngine Engine(TorchConfig config)
    {
        var compute = new Compute(config);
        var platform = $"libtorch {typeof(torch).Assembly.GetName().Version}, {config.Device}, {config.Precision}, threads {config.Threads}, code {typeof(TorchModular).Module.ModuleVersionId:N}";
        return new ModularEngine(platform.ToLowerInvariant(), (c, width, seed) => Create(c, width, seed, compute), () => SelfCheck(compute));
    }

    private static IModularNetwork Create(GrokkingConfig config, int width, long seed, Compute compute) =>
        config.Transformer is { } transformer ? new Transformer(config, transformer, width, seed, compute) : new QuadraticDescent(config, width, seed, compute);

    /// <summary>Ten steps of the quadratic network against the managed one from the same weights: losses differ by rounding to float32 (or bfloat16) alone.</summary>
    private static void SelfCheck(Compute compute)
    {
        ModularEngine.Builtin.SelfCheck();
        Pair[] pairs = [.. Enumerable.Range(0, 25).Select(i => new Pair(i / 5, i % 5))];
        var config = new GrokkingConfig { Kind = "grokking-check", Modulus = 5, Widths = [16], Shares = [0.5], Seeds = [0], LearningRate = 20, Steps = 10 };
        using var native = new QuadraticDescent(config, 16, 3, compute);
        var managed = ModularEngine.Builtin.Create(config, 16, 3);
        for (var step = 0; step < config.Steps; step++)
        {
            var (got, expected) = (native.Step(pairs, config.LearningRate), managed.Step(pairs, config.LearningRate));
            if (!(Math.Abs(got - expected) <= (compute.IsNarrow ? 0.05 : 1e-4) * expected))
                throw new UserError("self-check failed: the native network left the managed one's path", got: FormattableString.Invariant($"a loss of {got} against {expected} at step {step}"), fix: "Do not use this run") { Code = ExitCode.Regression };
        }
    }
}

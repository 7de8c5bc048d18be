using PortfolioProject.Grokking;

namespace PortfolioProject.Torch;

/// <summary>Networks on modular addition over libtorch: the quadratic network at sizes that take the managed one hours, and the transformer.</summary>
public sealed class TorchModularEngine : IModularEngine
{
    private readonly Compute _compute;

    /// <summary>A device or precision that this machine lacks is a <see cref="UserError"/>.</summary>
    public TorchModularEngine(TorchConfig config)
    {
        _compute = new Compute(config);
        Platform = $"libtorch {typeof(torch).Assembly.GetName().Version}, {config.Device}, {config.Precision}, threads {config.Threads}, code {GetType().Module.ModuleVersionId:N}".ToLowerInvariant();
    }

    public string? Platform { get; }

    public IModularNetwork Create(GrokkingConfig config, int width, long seed) =>
        config.Transformer is { } transformer ? new Transformer(config, transformer, width, seed, _compute) : new QuadraticDescent(config, width, seed, _compute);

    /// <summary>Ten steps of the quadratic network against the managed one from the same weights: losses differ by rounding to float32 (or bfloat16) alone.</summary>
    public void SelfCheck()
    {
        new BuiltinModularEngine().SelfCheck();
        Pair[] pairs = [.. Enumerable.Range(0, 25).Select(i => new Pair(i / 5, i % 5))];
        var config = new GrokkingConfig { Kind = "grokking-check", Modulus = 5, Widths = [16], Shares = [0.5], Seeds = [0], LearningRate = 20, Steps = 10 };
        using IModularNetwork native = Create(config, 16, 3), managed = new BuiltinModularEngine().Create(config, 16, 3);
        for (var step = 0; step < config.Steps; step++)
        {
            var (got, expected) = (native.Step(pairs), managed.Step(pairs));
            if (!(Math.Abs(got - expected) <= (_compute.IsNarrow ? 0.05 : 1e-4) * expected))
                throw new UserError("self-check failed: the native network left the managed one's path", got: FormattableString.Invariant($"a loss of {got} against {expected} at step {step}"), fix: "Do not use this run") { Code = ExitCode.Regression };
        }
    }
}

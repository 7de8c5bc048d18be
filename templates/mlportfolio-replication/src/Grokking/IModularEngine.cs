using PortfolioProject.Evidence;

namespace PortfolioProject.Grokking;

/// <summary>A network that learns (a + b) mod p from pairs.</summary>
public interface IModularNetwork : IDisposable
{
    /// <summary>One step of its optimiser, on all training pairs or on the next part of them; gives the loss before it.</summary>
    double Step(IReadOnlyList<Pair> train);

    /// <summary>The share of pairs whose largest output is their class.</summary>
    double Accuracy(IReadOnlyList<Pair> pairs);
}

/// <summary>Makes networks with weights drawn from stream 2 of a seed.</summary>
public interface IModularEngine
{
    /// <summary>What results depend on beside configuration and code, such as a device; null where nothing.</summary>
    string? Platform { get; }

    IModularNetwork Create(GrokkingConfig config, int width, long seed);

    /// <summary>Checks that must hold before a number is believed; a failure throws.</summary>
    void SelfCheck();
}

/// <summary>The quadratic network with its gradients by hand, in double, by full-batch gradient descent.</summary>
public sealed class BuiltinModularEngine : IModularEngine
{
    public string? Platform => null;

    public IModularNetwork Create(GrokkingConfig config, int width, long seed) => new Descent(QuadraticNetwork.Random(config.Modulus, width, new RandomStream(seed, 2)), config.LearningRate);

    /// <summary>Gradients against central differences, in each of the three matrices.</summary>
    public void SelfCheck()
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

    private sealed class Descent(QuadraticNetwork network, double rate) : IModularNetwork
    {
        public double Step(IReadOnlyList<Pair> train) => network.Step(train, rate).Loss;

        public double Accuracy(IReadOnlyList<Pair> pairs) => network.Accuracy(pairs);

        public void Dispose()
        {
        }
    }
}

namespace PortfolioProject.Grokking;

/// <summary>A network that learns (a + b) mod p from pairs; one that holds native memory is disposable.</summary>
public interface IModularNetwork
{
    /// <summary>One step of its optimiser at a learning rate, on all training pairs or the next part of them; gives the loss before it.</summary>
    double Step(IReadOnlyList<Pair> train, double rate);

    /// <summary>The share of pairs whose largest output is their class; the first of equals counts.</summary>
    double Accuracy(IReadOnlyList<Pair> pairs);
}

/// <summary>What makes networks of a width with weights drawn from stream 2 of a seed.</summary>
/// <param name="Platform">What results depend on beside configuration and code, such as a device; null where nothing.</param>
/// <param name="SelfCheck">Checks that must hold before a number is believed; a failure throws.</param>
public sealed record ModularEngine(string? Platform, Func<GrokkingConfig, int, long, IModularNetwork> Create, Action SelfCheck)
{
    /// <summary>The quadratic network with its gradients by hand, in double, by full-batch gradient descent.</summary>
    public static ModularEngine Builtin { get; } = new(null, (config, width, seed) => QuadraticNetwork.Random(config.Modulus, width, new RandomStream(seed, 2)), ModularAddition.CheckGradients);
}

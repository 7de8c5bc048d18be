using PortfolioProject.Grokking;
using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>What networks on pairs share: named parameters, steps of an optimiser in a scope that frees every other tensor, accuracy in parts.</summary>
internal abstract class ModularNetwork(int modulus, Compute compute) : IModularNetwork, IDisposable
{
    private const int PairsAtOnce = 4096;

    protected int Modulus => modulus;
    protected Compute Compute => compute;

    /// <summary>Trained values by name; they belong to no scope.</summary>
    protected Dictionary<string, Parameter> Weights { get; } = [];

    public double Step(IReadOnlyList<Pair> train, double rate) => Compute.Guard(() =>
    {
        using var scope = torch.NewDisposeScope();
        return Learn(train, rate);
    });

    public double Accuracy(IReadOnlyList<Pair> pairs) => Compute.Guard(() =>
    {
        using var frozen = torch.no_grad();
        var right = 0;
        foreach (var part in pairs.Chunk(PairsAtOnce))
        {
            using var scope = torch.NewDisposeScope();
            var likeliest = Compute.Receive(Outputs(part).argmax(1));
            right += part.Where((pair, i) => (int)likeliest[i] == Label(pair)).Count();
        }

        return right / (double)pairs.Count;
    });

    public virtual void Dispose()
    {
        foreach (var weight in Weights.Values) weight.Dispose();
    }

    /// <summary>Outputs [pairs × p], whose largest is the answer.</summary>
    protected abstract torch.Tensor Outputs(IReadOnlyList<Pair> pairs);

    /// <summary>A step at a learning rate; gives the loss before it.</summary>
    protected abstract double Learn(IReadOnlyList<Pair> train, double rate);

    protected int Label(Pair pair) => (pair.A + pair.B) % modulus;

    protected torch.Tensor Numbers(IReadOnlyList<Pair> pairs, Func<Pair, int> number) => compute.Send([.. pairs.Select(p => (long)number(p))], pairs.Count);

    /// <summary>Draws a parameter's values, row-major.</summary>
    protected void Add(string name, Func<double> draw, params long[] shape)
    {
        float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (n, d) => n * d)).Select(_ => (float)draw())];
        Weights[name] = new Parameter(compute.Send(values, shape));
    }

    /// <summary>The gradient of a loss, and the optimiser's step along it; gives the loss.</summary>
    protected static double Descend(OptimizerHelper optimizer, double rate, torch.Tensor loss)
    {
        foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.detach().cpu().item<float>();
    }
}

using PortfolioProject.Grokking;
using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>
/// The quadratic network of Gromov 2023, f(a, b) = (1/N)·W·h² with h = (U[a] + V[b])/√(2p), by full-batch gradient descent on ½ · mean Σ (f − y)²:
/// the managed network's weights, order and loss, in float32. Stream 2 of the seed draws U, then V, then W.
/// </summary>
internal sealed class QuadraticDescent : ModularNetwork
{
    private readonly int _width;
    private readonly SGD _optimizer;
    private (IReadOnlyList<Pair> Pairs, torch.Tensor A, torch.Tensor B, torch.Tensor Targets)? _batch;

    public QuadraticDescent(GrokkingConfig config, int width, long seed, Compute compute) : base(config.Modulus, compute)
    {
        var stream = new RandomStream(seed, 2);
        _width = width;
        Add("u", stream.Normal, Modulus, width);
        Add("v", stream.Normal, Modulus, width);
        Add("w", stream.Normal, width, Modulus);
        _optimizer = torch.optim.SGD(Weights.Values, config.LearningRate);
    }

    public override void Dispose()
    {
        Forget();
        _optimizer.Dispose();
        base.Dispose();
    }

    protected override torch.Tensor Outputs(IReadOnlyList<Pair> pairs) => Outputs(Numbers(pairs, p => p.A), Numbers(pairs, p => p.B));

    protected override double Learn(IReadOnlyList<Pair> train, double rate)
    {
        if (_batch?.Pairs != train)
        {
            Forget();
            var targets = new float[train.Count * Modulus];
            foreach (var (i, pair) in train.Index()) targets[(i * Modulus) + Label(pair)] = 1;
            _batch = (train, Numbers(train, p => p.A).DetachFromDisposeScope(), Numbers(train, p => p.B).DetachFromDisposeScope(), Compute.Send(targets, train.Count, Modulus).DetachFromDisposeScope());
        }

        var (_, a, b, y) = _batch.Value;
        return Descend(_optimizer, rate, (Outputs(a, b) - y).square().sum() / (2.0 * train.Count));
    }

    private torch.Tensor Outputs(torch.Tensor a, torch.Tensor b)
    {
        var hidden = (Weights["u"].index_select(0, a) + Weights["v"].index_select(0, b)) / Math.Sqrt(2.0 * Modulus);
        return Compute.Linear(hidden.square(), Weights["w"].transpose(0, 1)) / (double)_width;
    }

    private void Forget()
    {
        if (_batch is not var (_, a, b, y)) return;
        foreach (var tensor in new[] { a, b, y }) tensor.Dispose();
        _batch = null;
    }
}

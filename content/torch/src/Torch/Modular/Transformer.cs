using PortfolioProject.Grokking;
using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>
/// A decoder over the four tokens a + b =, read off at the last (Power et al. 2022): embeddings and sinusoidal positions, blocks of masked attention
/// and a rectified layer of four times the width, each added to its input and normalised after it, no dropout. Cross-entropy over the p answers,
/// minibatch AdamW. Streams of the seed: 2 weights, 4 order of the pairs.
/// </summary>
internal sealed class Transformer : ModularNetwork
{
    private const int Tokens = 4;
    private readonly int _width;
    private readonly TransformerConfig _shape;
    private readonly AdamW _optimizer;
    private readonly torch.Tensor _positions, _mask;
    private readonly RandomStream _shuffle;
    private int[] _order = [];
    private int _next, _step;

    public Transformer(GrokkingConfig config, TransformerConfig shape, int width, long seed, Compute compute) : base(config.Modulus, compute)
    {
        (_shape, _width, _shuffle) = (shape, width, new RandomStream(seed, 4));
        var stream = new RandomStream(seed, 2);
        Add("embedding", stream.Normal, Modulus + 2, width);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            foreach (var name in new[] { "query", "key", "value", "mix" }) AddLinear($"{layer}.{name}", width, width, stream);
            AddLinear($"{layer}.in", 4 * width, width, stream);
            AddLinear($"{layer}.out", width, 4 * width, stream);
            foreach (var name in new[] { "norm1", "norm2" })
            {
                Add($"{layer}.{name}.weight", () => 1, width);
                Add($"{layer}.{name}.bias", () => 0, width);
            }
        }

        AddLinear("answer", Modulus, width, stream);
        float[] positions = [.. from t in Enumerable.Range(0, Tokens) from j in Enumerable.Range(0, width)
            let angle = t / Math.Pow(10_000, (j - (j % 2)) / (double)width) select (float)(j % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle))];
        _positions = compute.Send(positions, Tokens, width).DetachFromDisposeScope();
        _mask = compute.Send([.. Enumerable.Range(0, Tokens * Tokens).Select(i => i % Tokens > i / Tokens ? -1e9f : 0)], Tokens, Tokens).DetachFromDisposeScope();
        _optimizer = torch.optim.AdamW(Weights.Values, config.LearningRate, 0.9, 0.98, 1e-8, shape.WeightDecay);
    }

    public override void Dispose()
    {
        _positions.Dispose();
        _mask.Dispose();
        _optimizer.Dispose();
        base.Dispose();
    }

    protected override double Learn(IReadOnlyList<Pair> train, double rate)
    {
        var batch = Next(train);
        _step++;
        return Descend(_optimizer, rate * Math.Min(1, (double)_step / _shape.Warmup), torch.nn.functional.cross_entropy(Outputs(batch), Numbers(batch, Label)));
    }

    protected override torch.Tensor Outputs(IReadOnlyList<Pair> pairs)
    {
        long[] tokens = [.. pairs.SelectMany(p => new long[] { p.A, Modulus, p.B, Modulus + 1 })];
        var x = Weights["embedding"].index_select(0, Compute.Send(tokens, tokens.Length)).reshape(pairs.Count, Tokens, _width) + _positions;
        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            x = Normalize(x + Attend(x, layer), $"{layer}.norm1");
            x = Normalize(x + Dense(torch.nn.functional.relu(Dense(x, $"{layer}.in")), $"{layer}.out"), $"{layer}.norm2");
        }

        return Dense(x.select(1, Tokens - 1), "answer");
    }

    /// <summary>Softmax(QKᵀ/√d + mask)·V in each head, over tokens that are not later.</summary>
    private torch.Tensor Attend(torch.Tensor x, int layer)
    {
        var (n, heads, size) = (x.shape[0], _shape.Heads, _width / _shape.Heads);
        torch.Tensor Heads(string name) => Compute.Narrow(Dense(x, $"{layer}.{name}").reshape(n, Tokens, heads, size).transpose(1, 2).reshape(n * heads, Tokens, size));
        var scores = Heads("query").bmm(Heads("key").transpose(1, 2)).to(torch.ScalarType.Float32) / Math.Sqrt(size);
        var shares = torch.nn.functional.softmax(scores + _mask, 2);
        var mixed = Compute.Narrow(shares).bmm(Heads("value")).to(torch.ScalarType.Float32);
        return Dense(mixed.reshape(n, heads, Tokens, size).transpose(1, 2).reshape(n, Tokens, _width), $"{layer}.mix");
    }

    private torch.Tensor Dense(torch.Tensor x, string name) => Compute.Linear(x, Weights[name + ".weight"], Weights[name + ".bias"]);

    private torch.Tensor Normalize(torch.Tensor x, string name) => torch.nn.functional.layer_norm(x, new long[] { _width }, Weights[name + ".weight"], Weights[name + ".bias"]);

    /// <summary>Uniform in ±1/√inputs, the weight before the bias.</summary>
    private void AddLinear(string name, int outputs, int inputs, RandomStream stream)
    {
        double Draw() => ((2 * stream.Unit()) - 1) / Math.Sqrt(inputs);
        Add(name + ".weight", Draw, outputs, inputs);
        Add(name + ".bias", Draw, outputs);
    }

    /// <summary>The next part of the pairs, at most half of them; in a new order when they are used up.</summary>
    private Pair[] Next(IReadOnlyList<Pair> train)
    {
        var count = Math.Min(_shape.Batch, (train.Count + 1) / 2);
        if (_order.Length != train.Count || _next + count > _order.Length)
        {
            if (_order.Length != train.Count) _order = [.. Enumerable.Range(0, train.Count)];
            _shuffle.Shuffle<int>(_order);
            _next = 0;
        }

        _next += count;
        return [.. _order[(_next - count).._next].Select(i => train[i])];
    }
}

using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>
/// The shapes of a classifier's layers and the way of rows through them. softmax and mlp are the builtin engine's, weight for weight. cnn: rows are
/// square images, n × n with n a multiple of 4; two 3×3 convolutions (16 and 32 channels), each rectified and pooled 2×2 by maximum, then one linear layer.
/// </summary>
internal sealed record Network(string Architecture, int Features, int Classes, int Hidden)
{
    private const int First = 16, Second = 32, Kernel = 3;

    /// <summary>The name and weight shape of each layer, from the inputs on; its bias has one value an output.</summary>
    public IReadOnlyList<(string Name, int[] Shape)> Layers => Architecture switch
    {
        "softmax" => [("linear", [Classes, Features])],
        "mlp" => [("hidden", [Hidden, Features]), ("output", [Classes, Hidden])],
        _ => [("conv1", [First, 1, Kernel, Kernel]), ("conv2", [Second, First, Kernel, Kernel]), ("output", [Classes, Second * Features / 16])],
    };

    /// <summary>The network to train on a set; a cnn for rows that are no such images is a <see cref="UserError"/>.</summary>
    public static Network Of(TrainingSet set, TrainingOptions options)
    {
        var side = (int)Math.Round(Math.Sqrt(set.Features));
        if (options.Architecture == "cnn" && (side * side != set.Features || side % 4 != 0))
            throw new UserError("cannot be trained with", field: "architecture", expected: "rows that are square images with a side of 4, 8, 12 …", got: $"{set.Features} features for a cnn", fix: "Use mlp");
        return new Network(options.Architecture, set.Features, set.Classes, options.Hidden);
    }

    /// <summary>The network that these weights belong to; missing, unknown or mis-shaped ones are a <see cref="UserError"/>.</summary>
    public static Network Of(IReadOnlyDictionary<string, Tensor> weights)
    {
        int[] Shape(string name) => weights.TryGetValue(name, out var tensor) && tensor.Shape.Count > 1 ? [.. tensor.Shape] : [0, 0];
        var network = weights.ContainsKey("linear.weight") ? new Network("softmax", Shape("linear.weight")[1], Shape("linear.weight")[0], 0)
            : weights.ContainsKey("conv1.weight") ? new Network("cnn", Shape("output.weight")[1] / Second * 16, Shape("output.weight")[0], 0)
            : new Network("mlp", Shape("hidden.weight")[1], Shape("output.weight")[0], Shape("hidden.weight")[0]);
        var expected = network.Layers.SelectMany(l => new[] { (Name: l.Name + ".bias", Shape: l.Shape[..1]), (Name: l.Name + ".weight", l.Shape) }).ToDictionary(w => w.Name, w => w.Shape);
        if (!expected.Keys.ToHashSet().SetEquals(weights.Keys))
            throw new UserError("unknown set of weights", expected: string.Join(", ", expected.Keys.Order(StringComparer.Ordinal)), got: weights.Count == 0 ? "none" : string.Join(", ", weights.Keys.Order(StringComparer.Ordinal).Take(8)));
        foreach (var (name, shape) in expected)
        {
            if (shape.Any(d => d < 1) || !shape.SequenceEqual(weights[name].Shape) || weights[name].Values.Length != shape.Aggregate(1L, (n, d) => n * d))
                throw new UserError("wrong shape of a weight", field: name, expected: $"[{string.Join(", ", shape)}], above 0", got: $"[{string.Join(", ", weights[name].Shape)}] with {weights[name].Values.Length} values");
            if (!weights[name].Values.All(float.IsFinite)) throw new UserError("a weight is not a finite number", field: name);
        }

        return network;
    }

    /// <summary>Uniform in ±1/√(inputs of a unit), layer by layer, the weight before the bias: the builtin engine's draws.</summary>
    public Dictionary<string, Tensor> Draw(RandomStream stream)
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var (name, shape) in Layers)
        {
            var inputs = shape[1..].Aggregate(1, (n, d) => n * d);
            float[] Uniform(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(((2 * stream.Unit()) - 1) / Math.Sqrt(inputs)))];
            weights[name + ".weight"] = new Tensor(shape, Uniform(shape[0] * inputs));
            weights[name + ".bias"] = new Tensor(shape[..1], Uniform(shape[0]));
        }

        return weights;
    }

    /// <summary>Logits [n × classes] in float32 of rows [n × features].</summary>
    public torch.Tensor Logits(torch.Tensor rows, IReadOnlyDictionary<string, torch.Tensor> weights, Compute compute)
    {
        torch.Tensor Dense(torch.Tensor x, string name) => compute.Linear(x, weights[name + ".weight"], weights[name + ".bias"]);
        torch.Tensor Convolve(torch.Tensor x, string name) => torch.nn.functional.max_pool2d(torch.nn.functional.relu(torch.nn.functional.conv2d(
            compute.Narrow(x), compute.Narrow(weights[name + ".weight"]), compute.Narrow(weights[name + ".bias"]), new long[] { 1, 1 }, new long[] { 1, 1 })), new long[] { 2, 2 }, new long[] { 2, 2 });
        if (Architecture == "softmax") return Dense(rows, "linear");
        if (Architecture == "mlp") return Dense(torch.nn.functional.relu(Dense(rows, "hidden")), "output");
        var side = (long)Math.Round(Math.Sqrt(Features));
        return Dense(Convolve(Convolve(rows.reshape(-1, 1, side, side), "conv1"), "conv2").reshape(-1, Second * Features / 16), "output");
    }

    /// <summary>Weights as leaves that gradients are taken by; they belong to no scope.</summary>
    public static Dictionary<string, Parameter> Parameters(IReadOnlyDictionary<string, Tensor> weights, Compute compute) =>
        weights.ToDictionary(w => w.Key, w => new Parameter(compute.Send(w.Value.Values, [.. w.Value.Shape.Select(d => (long)d)])));
}

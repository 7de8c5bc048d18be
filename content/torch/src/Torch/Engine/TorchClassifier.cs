namespace PortfolioProject.Torch;

/// <summary>
/// A network that predicts in float32. Rows go in blocks of one size, the last one padded: the native product is chosen by shape, so a row's last
/// bits would otherwise depend on how many come with it. Every tensor of a call is freed by its end; the weights go with the classifier.
/// </summary>
internal sealed class TorchClassifier : IClassifier
{
    private const int RowsAtOnce = 16;
    private readonly Network _network;
    private readonly Compute _compute;
    private readonly IReadOnlyDictionary<string, torch.Tensor> _weights;

    /// <summary>Takes the weights to the device and predicts once, so that no request is the first.</summary>
    public TorchClassifier(IReadOnlyDictionary<string, Tensor> weights, Compute compute)
    {
        (_network, _compute, Weights) = (Network.Of(weights), compute, weights.ToDictionary());
        _weights = weights.ToDictionary(w => w.Key, w => compute.Send(w.Value.Values, [.. w.Value.Shape.Select(d => (long)d)]).DetachFromDisposeScope());
        Predict(new float[Features], new float[Classes]);
    }

    public string Architecture => _network.Architecture;
    public int Features => _network.Features;
    public int Classes => _network.Classes;
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    public void Predict(ReadOnlySpan<float> rows, Span<float> probabilities)
    {
        var n = rows.Length / Features;
        if (rows.Length != (long)n * Features) throw new ArgumentException($"{rows.Length} values are no rows of {Features} features", nameof(rows));
        if (probabilities.Length != (long)n * Classes) throw new ArgumentException($"{probabilities.Length} values where {n} × {Classes} are needed", nameof(probabilities));
        using var frozen = torch.no_grad();
        for (var first = 0; first < n; first += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, n - first);
            var block = new float[RowsAtOnce * Features];
            rows.Slice(first * Features, count * Features).CopyTo(block);
            Block(block).AsSpan(0, count * Classes).CopyTo(probabilities[(first * Classes)..]);
        }
    }

    private float[] Block(float[] block) => Compute.Guard(() =>
    {
        using var scope = torch.NewDisposeScope();
        return Compute.Receive(torch.nn.functional.softmax(_network.Logits(_compute.Send(block, RowsAtOnce, Features), _weights, _compute), 1));
    });
}

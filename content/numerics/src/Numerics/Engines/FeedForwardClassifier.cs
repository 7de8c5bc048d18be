namespace PortfolioProject.Numerics;

/// <summary>Softmax of one linear layer, or of two with rectified units between them. Predicts without an allocation a call.</summary>
internal sealed class FeedForwardClassifier : IClassifier
{
    private const int RowsAtOnce = 64;
    private readonly Layer? _hidden;
    private readonly Layer _output;

    public FeedForwardClassifier(string architecture, IReadOnlyDictionary<string, Tensor> weights, string? hidden, string output)
    {
        (Architecture, Weights) = (architecture, weights);
        _hidden = hidden is null ? null : Layer.Of(weights, hidden);
        _output = Layer.Of(weights, output, _hidden?.Weight.Columns);
    }

    public string Architecture { get; }
    public int Features => (_hidden ?? _output).Weight.Depth;
    public int Classes => _output.Weight.Columns;
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    public void Predict(ReadOnlySpan<float> rows, Span<float> probabilities)
    {
        var n = rows.Length / Features;
        Kernels.RequireLength(rows.Length, n, Features, nameof(rows));
        Kernels.RequireLength(probabilities.Length, n, Classes, nameof(probabilities));
        var scratch = _hidden is null ? null : ArrayPool<float>.Shared.Rent(Math.Min(n, RowsAtOnce) * _hidden.Weight.Columns);
        for (var first = 0; first < n; first += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, n - first);
            var inputs = rows.Slice(first * Features, count * Features);
            if (_hidden is not null)
            {
                var units = scratch.AsSpan(0, count * _hidden.Weight.Columns);
                _hidden.Forward(inputs, units, count);
                Kernels.Rectify(units);
                inputs = units;
            }

            _output.Forward(inputs, probabilities.Slice(first * Classes, count * Classes), count);
        }

        if (scratch is not null) ArrayPool<float>.Shared.Return(scratch);
        for (var i = 0; i < n; i++) Kernels.Softmax(probabilities.Slice(i * Classes, Classes));
    }

    private sealed record Layer(PackedMatrix<float> Weight, float[] Bias)
    {
        public static Layer Of(IReadOnlyDictionary<string, Tensor> weights, string name, int? inputs = null)
        {
            var (weight, bias) = (weights[name + ".weight"], weights[name + ".bias"]);
            if (weight.Shape is not [> 0 and var units, > 0 and var width] || (inputs ?? width) != width || weight.Values.Length != (long)units * width)
                throw WrongShape(name + ".weight", $"[units, {inputs?.ToString() ?? "inputs"}]", weight);
            if (bias.Shape is not [var biases] || biases != units || bias.Values.Length != units) throw WrongShape(name + ".bias", $"[{units}]", bias);
            if (!weight.Values.Concat(bias.Values).All(float.IsFinite)) throw new UserError("a weight is not a finite number", field: name);
            return new Layer(new PackedMatrix<float>(weight.Values, width, units, transposed: true), [.. bias.Values]);
        }

        public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs, int rows)
        {
            Kernels.FillRows(Bias, outputs);
            Weight.AddProduct(inputs, outputs, rows);
        }

        private static UserError WrongShape(string name, string expected, Tensor tensor) =>
            new("wrong shape of a weight", field: name, expected: expected, got: $"[{string.Join(", ", tensor.Shape)}] with {tensor.Values.Length} values");
    }
}

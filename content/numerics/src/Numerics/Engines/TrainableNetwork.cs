namespace PortfolioProject.Numerics;

/// <summary>Linear layers with rectified units between them, softmax and cross-entropy at the end; double, one thread, at most <c>batchSize</c> rows at once.</summary>
internal sealed class TrainableNetwork
{
    private readonly Layer[] _layers;

    /// <summary>Weights and biases uniform in ±1/√inputs, drawn layer by layer as [outputs × inputs], then the biases (what PyTorch's nn.Linear draws from).</summary>
    public TrainableNetwork(int[] widths, int batchSize, RandomStream stream) =>
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(l => new Layer(widths[l], widths[l + 1], batchSize, stream))];

    public IEnumerable<Parameter> Parameters => _layers.SelectMany(l => new[] { l.Weight, l.Bias });

    /// <summary>Mean cross-entropy of the batch, weighted; with <paramref name="learn"/> the parameters' gradients are set too.</summary>
    public double Loss(ReadOnlySpan<double> rows, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, bool learn)
    {
        for (var l = 0; l < _layers.Length; l++)
        {
            _layers[l].Forward(l == 0 ? rows : _layers[l - 1].Outputs(labels.Length), labels.Length);
            if (l < _layers.Length - 1) Kernels.Rectify(_layers[l].Outputs(labels.Length));
        }

        var (loss, total) = (0.0, 0.0);
        foreach (var weight in weights) total += weight;
        var last = _layers[^1];
        var deltas = last.Deltas(labels.Length);
        last.Outputs(labels.Length).CopyTo(deltas);
        for (var i = 0; i < labels.Length; i++)
        {
            var delta = deltas.Slice(i * last.Width, last.Width);
            var share = total > 0 ? weights[i] / total : 0;
            var logit = delta[labels[i]];
            loss += share * (Kernels.Softmax(delta) - logit);
            delta[labels[i]] -= 1;
            foreach (ref var d in delta) d *= share;
        }

        for (var l = _layers.Length - 1; learn && l >= 0; l--) _layers[l].Backward(l == 0 ? rows : _layers[l - 1].Outputs(labels.Length), labels.Length, l == 0 ? null : _layers[l - 1]);
        return loss;
    }

    /// <summary>Each layer's weight [outputs, inputs] and bias as float32.</summary>
    public IEnumerable<(Tensor Weight, Tensor Bias)> Export() => _layers.Select(l => l.Export());

    private sealed class Layer
    {
        private readonly int _inputs;
        private readonly double[] _outputs, _deltas;

        public Layer(int inputs, int width, int batchSize, RandomStream stream)
        {
            (_inputs, Width, _outputs, _deltas) = (inputs, width, new double[batchSize * width], new double[batchSize * width]);
            (Weight, Bias) = (new Parameter(inputs * width, decays: true), new Parameter(width, decays: false));
            var bound = 1 / Math.Sqrt(inputs);
            double Draw() => bound * ((2 * stream.Unit()) - 1);
            for (var unit = 0; unit < width; unit++)
                for (var input = 0; input < inputs; input++) Weight.Values[(input * width) + unit] = Draw();
            foreach (ref var bias in Bias.Values) bias = Draw();
        }

        public int Width { get; }
        public Parameter Weight { get; } // [inputs × width]
        public Parameter Bias { get; }

        public Span<double> Outputs(int rows) => _outputs.AsSpan(0, rows * Width);

        public Span<double> Deltas(int rows) => _deltas.AsSpan(0, rows * Width);

        public void Forward(ReadOnlySpan<double> inputs, int rows)
        {
            Kernels.FillRows(Bias.Values, Outputs(rows));
            Kernels.AddProduct(inputs, Weight.Values, Outputs(rows), rows, _inputs, Width);
        }

        public void Backward(ReadOnlySpan<double> inputs, int rows, Layer? below)
        {
            Kernels.Multiply(inputs, Deltas(rows), Weight.Gradient, _inputs, rows, Width, transposeA: true);
            Bias.Gradient.Clear();
            for (var at = 0; at < rows * Width; at++) Bias.Gradient[at % Width] += _deltas[at];
            if (below is null) return;
            Kernels.Multiply(Deltas(rows), Weight.Values, below.Deltas(rows), rows, Width, _inputs, transposeB: true);
            for (var at = 0; at < rows * _inputs; at++) below._deltas[at] = inputs[at] > 0 ? below._deltas[at] : 0;
        }

        public (Tensor Weight, Tensor Bias) Export()
        {
            var weight = new float[Width * _inputs];
            for (var at = 0; at < weight.Length; at++) weight[at] = (float)Weight.Values[(at % _inputs * Width) + (at / _inputs)];
            return (new Tensor([Width, _inputs], weight), new Tensor([Width], [.. Bias.Values.ToArray().Select(b => (float)b)]));
        }
    }
}

namespace PortfolioProject.Numerics;

/// <summary>Linear layers with rectified units between them, softmax and cross-entropy at the end; double, on one thread.</summary>
internal sealed class TrainableNetwork
{
    private readonly Layer[] _layers;
    private readonly double[] _inputs;

    /// <summary>
    /// Weights and biases uniform in ±1/√inputs, drawn layer by layer as [outputs × inputs], then the biases: the distribution of PyTorch's
    /// nn.Linear. At most <paramref name="batchSize"/> rows are taken at once.
    /// </summary>
    public TrainableNetwork(int[] widths, int batchSize, RandomStream stream)
    {
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(l => new Layer(widths[l], widths[l + 1], batchSize, stream))];
        _inputs = new double[batchSize * widths[0]];
    }

    public IEnumerable<Parameter> Parameters => _layers.SelectMany(l => new[] { l.Weight, l.Bias });

    /// <summary>Weighted mean cross-entropy of these rows of a set, and their weight; with <paramref name="learn"/> the parameters' gradients are set too.</summary>
    public (double Loss, double Weight) Loss(TrainingSet set, ReadOnlySpan<int> rows, bool learn)
    {
        var total = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < set.Features; j++) _inputs[(i * set.Features) + j] = set.Rows[(rows[i] * set.Features) + j];
            total += set.Weights?[rows[i]] ?? 1;
        }

        for (var l = 0; l < _layers.Length; l++)
        {
            if (l > 0) Kernels.Rectify(_layers[l - 1].Outputs(rows.Length));
            _layers[l].Forward(InputsOf(l, rows.Length), rows.Length);
        }

        var loss = 0.0;
        var deltas = _layers[^1].Deltas(rows.Length);
        _layers[^1].Outputs(rows.Length).CopyTo(deltas);
        for (var i = 0; i < rows.Length; i++)
        {
            var delta = deltas.Slice(i * set.Classes, set.Classes);
            var share = total > 0 ? (set.Weights?[rows[i]] ?? 1) / total : 0;
            var label = set.Labels[rows[i]];
            var logit = delta[label];
            loss += share * (Kernels.Softmax(delta) - logit);
            delta[label] -= 1;
            foreach (ref var d in delta) d *= share;
        }

        for (var l = _layers.Length - 1; learn && l >= 0; l--) _layers[l].Backward(InputsOf(l, rows.Length), rows.Length, l == 0 ? null : _layers[l - 1]);
        return (loss, total);
    }

    /// <summary>Each layer's weight [outputs, inputs] and bias as float32.</summary>
    public IEnumerable<(Tensor Weight, Tensor Bias)> Export() => _layers.Select(l => l.Export());

    private ReadOnlySpan<double> InputsOf(int layer, int rows) => layer == 0 ? _inputs.AsSpan(0, rows * _layers[0].Inputs) : _layers[layer - 1].Outputs(rows);

    private sealed class Layer
    {
        private readonly double[] _outputs, _deltas;

        public Layer(int inputs, int width, int batchSize, RandomStream stream)
        {
            (Inputs, Width, _outputs, _deltas) = (inputs, width, new double[batchSize * width], new double[batchSize * width]);
            (Weight, Bias) = (new Parameter(inputs * width, decays: true), new Parameter(width, decays: false));
            var bound = 1 / Math.Sqrt(inputs);
            double Draw() => bound * ((2 * stream.Unit()) - 1);
            for (var unit = 0; unit < width; unit++)
                for (var input = 0; input < inputs; input++) Weight.Values[(input * width) + unit] = Draw();
            foreach (ref var bias in Bias.Values) bias = Draw();
        }

        public int Inputs { get; }
        public int Width { get; }
        public Parameter Weight { get; } // [inputs × width]
        public Parameter Bias { get; }

        public Span<double> Outputs(int rows) => _outputs.AsSpan(0, rows * Width);

        public Span<double> Deltas(int rows) => _deltas.AsSpan(0, rows * Width);

        public void Forward(ReadOnlySpan<double> inputs, int rows)
        {
            Kernels.FillRows(Bias.Values, Outputs(rows));
            Kernels.AddProduct(inputs, Weight.Values, Outputs(rows), rows, Inputs, Width);
        }

        public void Backward(ReadOnlySpan<double> inputs, int rows, Layer? below)
        {
            Kernels.Multiply(inputs, Deltas(rows), Weight.Gradient, Inputs, rows, Width, transposeA: true);
            Bias.Gradient.Clear();
            for (var at = 0; at < rows * Width; at++) Bias.Gradient[at % Width] += _deltas[at];
            if (below is null) return;
            Kernels.Multiply(Deltas(rows), Weight.Values, below.Deltas(rows), rows, Width, Inputs, transposeB: true);
            for (var at = 0; at < rows * Inputs; at++) below._deltas[at] = inputs[at] > 0 ? below._deltas[at] : 0;
        }

        public (Tensor Weight, Tensor Bias) Export()
        {
            var weight = new float[Width * Inputs];
            for (var at = 0; at < weight.Length; at++) weight[at] = (float)Weight.Values[(at % Inputs * Width) + (at / Inputs)];
            return (new Tensor([Width, Inputs], weight), new Tensor([Width], [.. Bias.Values.ToArray().Select(b => (float)b)]));
        }
    }
}

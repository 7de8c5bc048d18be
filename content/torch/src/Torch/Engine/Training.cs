using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>
/// One training under way: minibatch AdamW in float32, the rate on half a cosine, early stopping on validation loss. Streams of the seed as in the
/// builtin engine, so that both begin with the same weights and see the rows in the same order: 980 initial weights, 981 order of the rows.
/// </summary>
internal sealed class Training : IDisposable
{
    private const int InitialStream = 980, OrderStream = 981;
    private readonly TrainingOptions _options;
    private readonly Network _network;
    private readonly Compute _compute;
    private readonly Batches _train;
    private readonly Batches? _validation;
    private readonly Dictionary<string, Parameter> _parameters;
    private readonly Dictionary<string, torch.Tensor> _weights;
    private readonly AdamW _optimizer;
    private readonly RandomStream _shuffle;
    private readonly int[] _order;
    private readonly int _batchSize;
    private int _epoch, _bestEpoch, _step;
    private double _lowest = double.PositiveInfinity;

    public Training(Network network, TrainingSet train, TrainingSet? validation, TrainingOptions options, Compute compute)
    {
        (_network, _options, _compute) = (network, options, compute);
        (_train, _validation) = (new Batches(train, compute), validation is null ? null : new Batches(validation, compute));
        (_order, _batchSize) = ([.. Enumerable.Range(0, train.Labels.Length)], Math.Min(options.BatchSize, train.Labels.Length));
        _shuffle = new RandomStream(options.Seed, OrderStream);
        Best = network.Draw(new RandomStream(options.Seed, InitialStream));
        _parameters = Network.Parameters(Best, compute);
        _weights = _parameters.ToDictionary(p => p.Key, p => (torch.Tensor)p.Value);
        AdamW.ParamGroup Group(string kind, double decay) =>
            new([.. _parameters.Where(p => p.Key.EndsWith(kind, StringComparison.Ordinal)).Select(p => p.Value)], options.LearningRate, weight_decay: decay);
        _optimizer = torch.optim.AdamW(new[] { Group(".weight", options.WeightDecay), Group(".bias", 0) });
    }

    /// <summary>The weights of the epoch with the lowest validation loss; without a validation set the last.</summary>
    public IReadOnlyDictionary<string, Tensor> Best { get; private set; }

    public bool IsFinished => _epoch >= _options.Epochs || (_options.Patience > 0 && _validation is not null && _epoch - _bestEpoch >= _options.Patience);

    public TrainingEpoch Next(CancellationToken cancel)
    {
        _epoch++;
        _shuffle.Shuffle<int>(_order);
        var trainLoss = MeanLoss(_train, _order, learn: true, cancel);
        double? validationLoss = null;
        if (_validation is not null)
        {
            using var frozen = torch.no_grad();
            validationLoss = MeanLoss(_validation, [.. Enumerable.Range(0, (int)_validation.Count)], learn: false, cancel);
        }

        if (!double.IsFinite(trainLoss + (validationLoss ?? 0)))
            throw new UserError($"the loss of epoch {_epoch} is not finite", field: "learningRate", got: $"{_options.LearningRate}", fix: "Lower it, or scale the features");
        if (!(validationLoss >= _lowest)) (Best, _lowest, _bestEpoch) = (Export(), validationLoss ?? _lowest, _epoch);
        return new TrainingEpoch(_epoch, trainLoss, validationLoss);
    }

    /// <summary>Everything that the next epoch depends on: counts, weights, the best so far and the optimiser's moments. The order of the rows follows from the epoch.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_epoch);
        writer.Write(_bestEpoch);
        writer.Write(_step);
        writer.Write(_lowest);
        foreach (var weights in new[] { Export(), Best })
        {
            var bytes = Safetensors.Format(weights);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        _optimizer.save_state_dict(writer);
    }

    /// <summary>Takes up a training, just begun, where <see cref="Save"/> left it.</summary>
    public void Restore(BinaryReader reader)
    {
        (_epoch, _bestEpoch, _step, _lowest) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        var current = Safetensors.Parse(reader.ReadBytes(reader.ReadInt32()), "checkpoint");
        Best = Safetensors.Parse(reader.ReadBytes(reader.ReadInt32()), "checkpoint");
        using (torch.no_grad())
            foreach (var (name, parameter) in _parameters)
            {
                using var scope = torch.NewDisposeScope();
                parameter.copy_(_compute.Send(current[name].Values, [.. current[name].Shape.Select(d => (long)d)]));
            }

        _optimizer.load_state_dict(reader);
        for (var epoch = 0; epoch < _epoch; epoch++) _shuffle.Shuffle<int>(_order);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var parameter in _parameters.Values) parameter.Dispose();
    }

    /// <summary>Weighted mean cross-entropy over the rows; with learn a step of the optimiser a batch.</summary>
    private double MeanLoss(Batches set, int[] order, bool learn, CancellationToken cancel)
    {
        var (sum, total, steps) = (0.0, 0.0, (double)_options.Epochs * ((_order.Length + _batchSize - 1) / _batchSize));
        using var loader = set.Load(order, _batchSize);
        foreach (var batch in loader)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var losses = torch.nn.functional.cross_entropy(_network.Logits(batch.Rows, _weights, _compute), batch.Labels, null, -100, torch.nn.Reduction.None);
            var loss = (losses * batch.Weights).sum() / (batch.Total > 0 ? batch.Total : 1);
            (sum, total) = (sum + (batch.Total * loss.detach().cpu().item<float>()), total + batch.Total);
            if (!learn) continue;
            _optimizer.zero_grad();
            loss.backward();
            foreach (var group in _optimizer.ParamGroups) group.LearningRate = _options.LearningRate * (1 + Math.Cos(Math.PI * _step / steps)) / 2;
            _optimizer.step();
            _step++;
        }

        return sum / total;
    }

    private Dictionary<string, Tensor> Export() => _parameters.ToDictionary(p => p.Key, p => new Tensor(Best[p.Key].Shape, Compute.Receive(p.Value)));
}

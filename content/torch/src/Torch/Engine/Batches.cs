using TorchSharp.Modules;

namespace PortfolioProject.Torch;

/// <summary>Some rows of a set on a device: [n × features], labels [n], weights [n] and their sum.</summary>
internal sealed record Batch(torch.Tensor Rows, torch.Tensor Labels, torch.Tensor Weights, double Total);

/// <summary>
/// A set as a map from row to row number: batches are gathered from the arrays at once, so that a row costs no tensor of its own.
/// </summary>
internal sealed class Batches(TrainingSet set, Compute compute) : torch.utils.data.Dataset<int>
{
    public override long Count => set.Labels.Length;

    public override int GetTensor(long index) => (int)index;

    /// <summary>Batches of the rows in this order; each lives until the next is asked for.</summary>
    public DataLoader<int, Batch> Load(int[] order, int batchSize) => new(this, batchSize, (rows, _) => Gather([.. rows]), order.Select(row => (long)row), compute.Device);

    private Batch Gather(int[] rows)
    {
        var values = new float[rows.Length * set.Features];
        foreach (var (i, row) in rows.Index()) Array.Copy(set.Rows, (long)row * set.Features, values, (long)i * set.Features, set.Features);
        float[] weights = [.. rows.Select(row => set.Weights?[row] ?? 1)];
        return new Batch(compute.Send(values, rows.Length, set.Features), compute.Send([.. rows.Select(row => (long)set.Labels[row])], rows.Length), compute.Send(weights, rows.Length), weights.Sum(w => (double)w));
    }
}

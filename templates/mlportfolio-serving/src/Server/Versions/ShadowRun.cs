using System.Threading.Channels;

namespace PortfolioProject.Server;

/// <summary>How often the shadow labels a row otherwise than the stable version did, with Wilson's interval. Skipped: rows that it had no time for.</summary>
public sealed record ShadowReport(string Version, long N, long Differ, double? Rate, double? Low, double? High, long Skipped);

/// <summary>Predicts what the stable version answered once more, after the answer and beside the requests: it delays none, and skips rows when it falls behind.</summary>
internal sealed class ShadowRun : IDisposable
{
    private const int Waiting = 256;

    private readonly Bundle _bundle;
    private readonly Channel<(float[] Rows, float[] Probabilities)> _queue = Channel.CreateBounded<(float[], float[])>(Waiting);
    private long _rows, _differ, _skipped;

    public ShadowRun(Bundle bundle)
    {
        _bundle = bundle;
        _ = Task.Run(CompareAsync);
    }

    public string Version => _bundle.Manifest.Version;

    public ShadowReport Report()
    {
        var (rows, differ) = (Interlocked.Read(ref _rows), Interlocked.Read(ref _differ));
        var interval = rows == 0 ? null : Statistics.WilsonInterval(differ, (int)Math.Min(rows, int.MaxValue));
        return new ShadowReport(Version, rows, differ, rows == 0 ? null : (double)differ / rows, interval?.Low, interval?.High, Interlocked.Read(ref _skipped));
    }

    public void Offer(ReadOnlySpan<float> rows, ReadOnlySpan<float> probabilities)
    {
        if (!_queue.Writer.TryWrite((rows.ToArray(), probabilities.ToArray()))) Interlocked.Add(ref _skipped, probabilities.Length / _bundle.Manifest.Classes.Count);
    }

    public void Dispose() => _queue.Writer.TryComplete();

    private async Task CompareAsync()
    {
        var classes = _bundle.Manifest.Classes.Count;
        await foreach (var (rows, answered) in _queue.Reader.ReadAllAsync())
        {
            var (own, differ) = (new float[answered.Length], 0);
            _bundle.Predict(rows, own);
            for (var at = 0; at < own.Length; at += classes) differ += Bundle.Likeliest(own.AsSpan(at, classes)) == Bundle.Likeliest(answered.AsSpan(at, classes)) ? 0 : 1;
            Interlocked.Add(ref _differ, differ);
            Interlocked.Add(ref _rows, own.Length / classes);
        }
    }
}

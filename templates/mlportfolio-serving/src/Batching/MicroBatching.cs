using System.Diagnostics;
using System.Threading.Channels;
using PortfolioProject.Evidence;
using PortfolioProject.Server;

namespace PortfolioProject.Batching;

/// <summary>
/// Puts requests that come close together into one call of the model: a single consumer takes what waits, up to a number of rows, or waits a
/// little for more. Rows of different versions never share a call. It pays where a call has a high fixed cost (a GPU); see docs/LATENCY.md.
/// </summary>
public sealed class MicroBatching : IPredictor, IDisposable
{
    private readonly BatchingConfig _config;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    private readonly Task _consumer;

    public MicroBatching(BatchingConfig config)
    {
        _config = config;
        _consumer = Task.Run(ConsumeAsync);
    }

    /// <summary>All that may share a batch have to be let in.</summary>
    public int AtOnce => _config.MaxRows;

    /// <summary>Rows are a copy: a caller whose time is over takes its own memory back.</summary>
    private sealed record Waiting(ServedModel Model, float[] Rows, long Since)
    {
        public int Count => Rows.Length / Model.Signature.Features;

        public TaskCompletionSource<(ReadOnlyMemory<float> Probabilities, TimeSpan Waited)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Null while configs/batching.yaml does not enable it.</summary>
    public static IPredictor? Create(string root, IReadOnlyList<string> overrides)
    {
        var config = StrictYaml.Read<BatchingConfig>(Path.Combine(root, "configs/batching.yaml"), overrides);
        return config.Enabled ? new MicroBatching(config) : null;
    }

    public async ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, CancellationToken deadline)
    {
        var waiting = new Waiting(model, rows.ToArray(), Stopwatch.GetTimestamp());
        _queue.Writer.TryWrite(waiting);
        var (answer, waited) = await waiting.Done.Task.WaitAsync(deadline);
        answer.CopyTo(probabilities);
        return waited;
    }

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _consumer.Wait();
    }

    private async Task ConsumeAsync()
    {
        while (await _queue.Reader.WaitToReadAsync()) Predict(await CollectAsync());
    }

    private async Task<List<Waiting>> CollectAsync()
    {
        var (batch, rows) = (new List<Waiting>(), 0);
        using var window = new CancellationTokenSource(_config.MaxWaitMs);
        while (rows < _config.MaxRows && (_queue.Reader.TryPeek(out var next) || await MoreAsync(window.Token)))
        {
            if (next is null) continue;
            rows += next.Count;
            if (batch.Count > 0 && (next.Model != batch[0].Model || rows > _config.MaxRows)) break;
            _queue.Reader.TryRead(out _);
            batch.Add(next);
        }

        return batch;
    }

    /// <summary>False: the time of the batch is over, or nothing will come any more.</summary>
    private async Task<bool> MoreAsync(CancellationToken window)
    {
        var more = _queue.Reader.WaitToReadAsync(window).AsTask();
        await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return more.IsCompletedSuccessfully && more.Result;
    }

    private static void Predict(List<Waiting> batch)
    {
        var (model, start) = (batch[0].Model, Stopwatch.GetTimestamp());
        try
        {
            var (classes, at) = (model.Signature.Classes.Count, 0);
            var probabilities = new float[batch.Sum(w => w.Count) * classes];
            model.Bundle.Predict([.. batch.SelectMany(w => w.Rows)], probabilities);
            foreach (var waiting in batch)
            {
                waiting.Done.SetResult((probabilities.AsMemory(at, waiting.Count * classes), Stopwatch.GetElapsedTime(waiting.Since, start)));
                at += waiting.Count * classes;
            }
        }
        catch (Exception e)
        {
            foreach (var waiting in batch) waiting.Done.TrySetException(e);
        }
    }
}

namespace PortfolioProject.Server;

/// <summary>Lets so many requests predict at once and so many wait for it; one more is turned away at once.</summary>
public sealed class AdmissionGate(int slots, int queue) : IDisposable
{
    private readonly SemaphoreSlim _free = new(slots);
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Ends when the caller has a slot, which it has to give back by <see cref="Exit"/>.</summary>
    /// <exception cref="ProtocolException">503: the queue is full.</exception>
    public ValueTask EnterAsync(Deadline deadline) => _free.Wait(0) ? default : WaitAsync(deadline);

    public void Exit() => _free.Release();

    public void Dispose() => _free.Dispose();

    private async ValueTask WaitAsync(Deadline deadline)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > queue) throw new ProtocolException(503, "the queue is full: see Retry-After") { RetryAfter = 1 };
            await _free.WaitAsync(deadline.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

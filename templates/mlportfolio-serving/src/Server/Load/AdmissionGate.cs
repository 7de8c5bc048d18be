namespace PortfolioProject.Server;

/// <summary>Lets so many requests predict at once and so many wait for it; one more is turned away at once.</summary>
public sealed class AdmissionGate(int slots, int queue) : IDisposable
{
    private readonly SemaphoreSlim _free = new(slots);
    private int _waiting;

    /// <summary>Requests that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>False: the queue is full. True: the caller has a slot and has to <see cref="Exit"/>.</summary>
    public ValueTask<bool> EnterAsync(Deadline deadline) => _free.Wait(0) ? new(true) : WaitAsync(deadline);

    public void Exit() => _free.Release();

    public void Dispose() => _free.Dispose();

    private async ValueTask<bool> WaitAsync(Deadline deadline)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > queue) return false;
            await _free.WaitAsync(deadline.Token);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

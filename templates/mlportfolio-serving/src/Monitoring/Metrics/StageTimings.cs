namespace PortfolioProject.Monitoring;

/// <summary>What a request's time goes to.</summary>
public enum Stage { Read, Parse, Queue, BatchWait, Model, Write }

/// <summary>A stopwatch of one request: each stage ends where the next one begins.</summary>
public sealed class StageTimings
{
    public const int Stages = 6;
    private readonly long[] _ticks = new long[Stages];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Gives the time since the end of the stage before to this one.</summary>
    public void End(Stage stage)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)stage] += now - _last;
        _last = now;
    }

    /// <summary>Moves a part of the last stage's time, such as the wait for a batch that was measured elsewhere, to another.</summary>
    public void Move(Stage from, Stage to, TimeSpan part)
    {
        var ticks = Math.Clamp((long)(part.TotalSeconds * Stopwatch.Frequency), 0, _ticks[(int)from]);
        (_ticks[(int)from], _ticks[(int)to]) = (_ticks[(int)from] - ticks, _ticks[(int)to] + ticks);
    }

    /// <summary>In <see cref="Stopwatch"/> ticks.</summary>
    public long this[Stage stage] => _ticks[(int)stage];

    public long Total => _ticks.Sum();
}

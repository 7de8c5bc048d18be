namespace PortfolioProject.Evidence;

/// <summary>
/// Stream k of a seed: SplitMix64 (Steele, Lea, Flood 2014) started at 1000·seed + k. Each purpose has a stream of its own, so that a draw
/// added in one place moves no other. Streams 990 to 999 belong to this library: 990 bootstrap, 991 sign flips. Not thread-safe.
/// </summary>
public sealed class RandomStream
{
    private ulong _state;
    private double? _spare;

    public RandomStream(long seed, int stream) => _state = unchecked((ulong)((1000 * seed) + stream));

    /// <summary>A stream at a state of its own, such as a hash.</summary>
    public RandomStream(ulong state) => _state = state;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1): the upper 53 bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … n−1: the high 64 bits of x·n.</summary>
    public int Below(int n) => n > 0 ? (int)Math.BigMul(Next(), (ulong)n, out _) : throw new ArgumentOutOfRangeException(nameof(n));

    /// <summary>Standard normal by Box–Muller on (1−u, v): the cosine first, the sine kept for the next call.</summary>
    public double Normal()
    {
        var kept = _spare;
        _spare = null;
        if (kept is not null) return kept.Value;
        var radius = Math.Sqrt(-2 * Math.Log(1 - Unit()));
        var angle = 2 * Math.PI * Unit();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    /// <summary>Fisher–Yates from the end.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}

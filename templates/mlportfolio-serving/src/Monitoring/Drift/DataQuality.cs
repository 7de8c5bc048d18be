namespace PortfolioProject.Monitoring;

/// <summary>One feature since the start. Constant: in the last block of rows it had a single value, which training rows would have shown in less than one block of a thousand.</summary>
public sealed record FeatureQuality(string Name, long Missing, long OutOfRange, bool Constant);

/// <summary>Duplicate: rows equal to one of about the last 4,096.</summary>
public sealed record DataQualityReport(long Rows, long Duplicate, IReadOnlyList<FeatureQuality> Features)
{
    public long Missing => Features.Sum(f => f.Missing);

    public long OutOfRange => Features.Sum(f => f.OutOfRange);

    public int Constant => Features.Count(f => f.Constant);
}

/// <summary>Counts what is wrong with the rows themselves: missing, outside of the training range, constant, seen a moment ago. One caller at a time.</summary>
public sealed class DataQuality(IReadOnlyList<FeatureColumn> features)
{
    internal const int Block = 200;

    private readonly float[] _least = [.. features.Select(f => (float)f.Min)], _most = [.. features.Select(f => (float)f.Max)], _first = new float[features.Count];
    private readonly bool[] _moved = new bool[features.Count], _constant = new bool[features.Count];
    private readonly long[] _missing = new long[features.Count], _outside = new long[features.Count];
    private readonly uint[] _recent = new uint[4096];
    private long _rows, _duplicates;

    /// <summary>Rows are row-major; a value that is not finite counts as missing.</summary>
    public void Observe(ReadOnlySpan<float> rows)
    {
        for (; rows.Length > 0; rows = rows[features.Count..]) ObserveRow(rows[..features.Count]);
    }

    /// <summary>Counts a value that a request left out: such a request is refused, so its row never arrives.</summary>
    public void CountMissing(int feature) => _missing[feature]++;

    public DataQualityReport Report() => new(_rows, _duplicates, [.. features.Select((f, i) => new FeatureQuality(f.Name, _missing[i], _outside[i], _constant[i]))]);

    private void ObserveRow(ReadOnlySpan<float> row)
    {
        if (_rows++ % Block == 0) BeginBlock(row);
        for (var f = 0; f < row.Length; f++)
        {
            _moved[f] |= row[f] != _first[f];
            if (!(row[f] >= _least[f] && row[f] <= _most[f])) (float.IsFinite(row[f]) ? _outside : _missing)[f]++;
        }

        var hash = 1u;
        foreach (var bits in MemoryMarshal.Cast<float, uint>(row)) hash = BitOperations.Crc32C(hash, bits);
        ref var seen = ref _recent[hash % (uint)_recent.Length];
        _duplicates += seen == hash ? 1 : 0;
        seen = hash;
    }

    private void BeginBlock(ReadOnlySpan<float> row)
    {
        for (var f = 0; f < features.Count && _rows > 1; f++)
            _constant[f] = !_moved[f] && Math.Pow(TrainingShare(features[f].Histogram, _first[f]), Block) < 0.001;
        row.CopyTo(_first);
        Array.Clear(_moved);
    }

    private static double TrainingShare(Histogram histogram, float value) =>
        histogram.Counts[histogram.Edges.TakeWhile(e => value > (float)e).Count()] / (double)histogram.Counts.Sum();
}

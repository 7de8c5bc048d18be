namespace PortfolioProject.Protocol;

/// <summary>Row-major float32 values of a request in an array lent by the pool; give it back with <see cref="Dispose"/>.</summary>
internal sealed class RowBuffer(int columns, ProtocolLimits limits) : IDisposable
{
    private float[] _values = ArrayPool<float>.Shared.Rent(columns);

    public int Count { get; private set; }

    public int Rows => Count / columns;

    public ReadOnlyMemory<float> Values => _values.AsMemory(0, Count);

    /// <summary>Reads the array that the reader is about to enter: flat, or one array of <c>columns</c> numbers for each row.</summary>
    public void ReadData(ref Utf8JsonReader json, string field)
    {
        StrictJson.Enter(ref json, JsonTokenType.StartArray, field);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) ReadNumbers(ref json, field, null);
        else for (var row = 0; json.TokenType != JsonTokenType.EndArray; row++, json.Read()) ReadRow(ref json, field, row);
        if (Count == 0 || Count % columns != 0) throw ProtocolException.Bad(field, "no whole rows", $"a multiple of {columns} values", $"{Count}");
    }

    /// <summary>Little-endian values, as in the memory of every machine that .NET images are made for.</summary>
    public void ReadBinary(ReadOnlySpan<byte> bytes, string field)
    {
        Count = bytes.Length / sizeof(float);
        if (Count > _values.Length) Grow(Count, field);
        CheckRows(field);
        bytes.CopyTo(MemoryMarshal.AsBytes(_values.AsSpan(0, Count)));
        foreach (var value in _values.AsSpan(0, Count))
            if (!float.IsFinite(value)) throw ProtocolException.Bad(field, "not finite", "finite FP32 values", "NaN or an infinity");
    }

    public void Dispose()
    {
        if (_values.Length > 0) ArrayPool<float>.Shared.Return(_values);
        _values = [];
    }

    private void ReadRow(ref Utf8JsonReader json, string field, int row)
    {
        var before = Count;
        if (json.TokenType != JsonTokenType.StartArray) throw ProtocolException.Bad(Place(field, row), "not a row like those before", "an array", StrictJson.NameOf(json.TokenType));
        json.Read();
        ReadNumbers(ref json, field, row);
        if (Count - before != columns) throw ProtocolException.Bad(Place(field, row), "ragged", $"{columns} numbers in each row", $"{Count - before}");
    }

    private void ReadNumbers(ref Utf8JsonReader json, string field, int? row)
    {
        var (start, count, values) = (Count, Count, _values);
        for (; json.TokenType != JsonTokenType.EndArray; json.Read(), count++)
        {
            if (count == values.Length) values = Grow(2 * (Count = count), field);
            if (json.TokenType != JsonTokenType.Number) throw ProtocolException.Bad(Place(field, row, count - start), "not a number", "a finite FP32 number", StrictJson.NameOf(json.TokenType));
            if (!json.TryGetSingle(out values[count]) || !float.IsFinite(values[count]))
                throw ProtocolException.Bad(Place(field, row, count - start), "out of range", "a finite FP32 number", "a number beyond FP32");
        }

        Count = count;
        CheckRows(field);
    }

    private static string Place(string field, int? row, int? index = null) => $"{field}{(row is null ? "" : $"[{row}]")}{(index is null ? "" : $"[{index}]")}";

    private void CheckRows(string field)
    {
        if (Count > (long)limits.Rows * columns) throw ProtocolException.Bad(field, "too many rows", $"at most {limits.Rows} rows of {columns}", "more", 413);
    }

    private float[] Grow(int length, string field)
    {
        CheckRows(field);
        var larger = ArrayPool<float>.Shared.Rent(length);
        _values.CopyTo(larger, 0);
        ArrayPool<float>.Shared.Return(_values);
        return _values = larger;
    }
}

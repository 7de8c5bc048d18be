namespace PortfolioProject.Protocol;

/// <summary>Row-major float32 values of a request in an array lent by the pool; give it back with <see cref="Dispose"/>.</summary>
internal sealed class RowBuffer(int columns, int mostRows) : IDisposable
{
    private float[] _values = ArrayPool<float>.Shared.Rent(columns);

    public int Count { get; private set; }

    public int Rows => Count / columns;

    public ReadOnlyMemory<float> Values => _values.AsMemory(0, Count);

    /// <summary>Reads an array: flat, or one array of <c>columns</c> numbers for each row.</summary>
    public void ReadData(JsonElement data, string field)
    {
        if (data.GetArrayLength() == 0 || data[0].ValueKind != JsonValueKind.Array) ReadNumbers(data, field, null);
        else foreach (var row in data.EnumerateArray()) ReadRow(row, field, Rows);
        if (Count == 0 || Count % columns != 0) throw ProtocolException.Bad(field, "no whole rows", $"a multiple of {columns} values", $"{Count}");
    }

    /// <summary>Little-endian values, as in the memory of every machine that .NET images are made for.</summary>
    public void ReadBinary(ReadOnlySpan<byte> bytes, string field)
    {
        Reserve(bytes.Length / sizeof(float), field);
        Count = bytes.Length / sizeof(float);
        bytes.CopyTo(MemoryMarshal.AsBytes(_values.AsSpan(0, Count)));
        for (var i = 0; i < Count; i++)
            if (!float.IsFinite(_values[i])) throw ProtocolException.Bad(field, "not finite", "finite FP32 values", "NaN or an infinity", missing: float.IsNaN(_values[i]) ? i % columns : null);
    }

    public void Dispose()
    {
        if (_values.Length > 0) ArrayPool<float>.Shared.Return(_values);
        _values = [];
    }

    private void ReadRow(JsonElement row, string field, int number)
    {
        if (row.ValueKind != JsonValueKind.Array) throw ProtocolException.Bad(Place(field, number), "not a row like those before", "an array", StrictJson.NameOf(row.ValueKind));
        ReadNumbers(row, field, number);
        if (row.GetArrayLength() != columns) throw ProtocolException.Bad(Place(field, number), "ragged", $"{columns} numbers in each row", $"{row.GetArrayLength()}");
    }

    private void ReadNumbers(JsonElement numbers, string field, int? row)
    {
        var start = Count;
        Reserve(numbers.GetArrayLength(), field);
        foreach (var number in numbers.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number)
                throw ProtocolException.Bad(Place(field, row, Count - start), "not a number", "a finite FP32 number", StrictJson.NameOf(number.ValueKind), missing: number.ValueKind == JsonValueKind.Null ? Count % columns : null);
            if (!number.TryGetSingle(out var value) || !float.IsFinite(value)) throw ProtocolException.Bad(Place(field, row, Count - start), "out of range", "a finite FP32 number", "a number beyond FP32");
            _values[Count++] = value;
        }
    }

    private static string Place(string field, int? row, int? index = null) => $"{field}{(row is null ? "" : $"[{row}]")}{(index is null ? "" : $"[{index}]")}";

    /// <summary>Room for so many more.</summary>
    private void Reserve(int more, string field)
    {
        if ((long)Count + more > (long)mostRows * columns) throw ProtocolException.Bad(field, "too many rows", $"at most {mostRows} rows of {columns}", "more", 413);
        if (Count + more <= _values.Length) return;
        var larger = ArrayPool<float>.Shared.Rent(Math.Max(Count + more, 2 * Count));
        _values.CopyTo(larger, 0);
        ArrayPool<float>.Shared.Return(_values);
        _values = larger;
    }
}

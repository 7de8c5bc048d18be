using System.Buffers.Binary;
using System.Text.Json;

namespace PortfolioProject.Numerics;

/// <summary>
/// Weights as safetensors, float32 only: eight bytes with the header's length, a JSON header (name → dtype, shape, data_offsets), the values in
/// little-endian. Written with names in ordinal order and the header padded by blanks to 8 bytes, so that the same tensors give the same bytes.
/// Read strictly: anything that another program could read differently is a <see cref="UserError"/>.
/// </summary>
public static class Safetensors
{
    private const string Metadata = "__metadata__";
    private const int LongestHeader = 100_000_000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes beside <paramref name="file"/> and renames.</summary>
    public static void Write(string file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllBytes(file + ".tmp", Format(tensors, metadata));
        File.Move(file + ".tmp", file, overwrite: true);
    }

    public static byte[] Format(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (header, end) = (new SortedDictionary<string, object>(StringComparer.Ordinal), 0);
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, tensor) in ordered)
        {
            if (name == Metadata || Bytes(tensor.Shape) != 4L * tensor.Values.Length || !tensor.Values.All(float.IsFinite))
                throw new ArgumentException($"tensor {name}: a reserved name, values that do not fill its shape, or one that is not finite", nameof(tensors));
            header[name] = new Entry("F32", [.. tensor.Shape], [end, end = checked(end + (4 * tensor.Values.Length))]);
        }

        if (metadata is not null) header[Metadata] = new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        var json = JsonSerializer.SerializeToUtf8Bytes(header, Json);
        var start = 8 + ((json.Length + 7) / 8 * 8);
        var bytes = new byte[checked(start + end)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, start - 8);
        bytes.AsSpan(8, start - 8).Fill((byte)' ');
        json.CopyTo(bytes.AsSpan(8));
        foreach (var (i, value) in ordered.SelectMany(t => t.Value.Values).Index()) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(start + (4 * i)), value);
        return bytes;
    }

    public static IReadOnlyDictionary<string, Tensor> Read(string file)
    {
        try { return Parse(File.ReadAllBytes(file), file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read", file);
        }
    }

    /// <summary>The tensors of a file's bytes; <paramref name="source"/> names them in errors.</summary>
    public static IReadOnlyDictionary<string, Tensor> Parse(ReadOnlySpan<byte> bytes, string source = "safetensors")
    {
        var longest = Math.Min(bytes.Length - 8, LongestHeader);
        if (longest < 0) throw new UserError("truncated", source, expected: "8 bytes with the header's length", got: $"{bytes.Length} bytes");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > (ulong)longest)
            throw new UserError("the header is longer than the file, or than any header", source, expected: $"at most {longest} bytes", got: $"{length}");

        var data = bytes[(8 + (int)length)..];
        var (tensors, end) = (new Dictionary<string, Tensor>(StringComparer.Ordinal), 0);
        foreach (var (name, entry) in ParseHeader(bytes.Slice(8, (int)length), source))
        {
            if (entry.DataOffsets[0] != end)
                throw new UserError("values overlap or leave a gap", source, field: name, expected: $"data_offsets from {end}", got: $"{entry.DataOffsets[0]}");
            if (entry.DataOffsets[1] > data.Length)
                throw new UserError("truncated", source, field: name, expected: $"{entry.DataOffsets[1]} bytes of values", got: $"{data.Length}");
            var values = new float[(entry.DataOffsets[1] - end) / 4];
            for (var i = 0; i < values.Length; i++, end += 4) values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[end..]);
            var bad = Array.FindIndex(values, v => !float.IsFinite(v));
            if (bad >= 0) throw new UserError("not a finite number", source, field: $"{name}[{bad}]", got: FormattableString.Invariant($"{values[bad]}"));
            tensors[name] = new Tensor(entry.Shape, values);
        }

        return end == data.Length ? tensors : throw new UserError("bytes after the last value", source, expected: $"{end} bytes of values", got: $"{data.Length}");
    }

    /// <summary>The tensors that the header names, in the order of their values.</summary>
    private static List<(string Name, Entry Entry)> ParseHeader(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, Json);
            if (header is null || json[0] != '{') throw new JsonException("The first byte is not that of an object.");
            if (header.Remove(Metadata, out var metadata)) metadata.Deserialize<Dictionary<string, string>>(Json);
            return [.. header.Select(h => (h.Key, Check(h.Key, h.Value))).OrderBy(h => h.Item2.DataOffsets[0]).ThenBy(h => h.Item2.DataOffsets[1])];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UserError("the header is not the JSON object it should be", source, got: e.Message);
        }

        Entry Check(string name, JsonElement element)
        {
            Entry? entry = null;
            try { entry = element.Deserialize<Entry>(Json); } catch (JsonException) { }
            if (entry is not { Dtype: "F32", DataOffsets: [>= 0 and var begin, var end] } || begin > end || entry.Shape.Any(d => d < 0) || Bytes(entry.Shape) != end - begin)
                throw new UserError("wrong header", source, field: name, expected: "F32, a shape, and data_offsets that span it", got: UserError.Quote(element.GetRawText()));
            return entry;
        }
    }

    private static BigInteger Bytes(IEnumerable<int> shape) => shape.Aggregate(new BigInteger(4), (bytes, dimension) => bytes * dimension);

    private sealed record Entry(string Dtype, int[] Shape, int[] DataOffsets);
}

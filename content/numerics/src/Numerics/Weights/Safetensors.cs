using System.Buffers.Binary;
using System.Text;
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
    private const long LongestHeader = 100_000_000;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes beside <paramref name="file"/> and renames.</summary>
    public static void Write(string file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllBytes(file + ".tmp", Format(tensors, metadata));
        File.Move(file + ".tmp", file, overwrite: true);
    }

    public static byte[] Format(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (header, end) = (new SortedDictionary<string, object>(StringComparer.Ordinal), 0L);
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, tensor) in ordered)
        {
            if (name == Metadata || !tensor.Values.All(float.IsFinite) || tensor.Values.Length != tensor.Shape.Aggregate(1L, (size, d) => checked(size * d)))
                throw new ArgumentException($"tensor {name} has no name of its own, not the values of shape [{string.Join(", ", tensor.Shape)}], or one that is not finite", nameof(tensors));
            header[name] = new { dtype = "F32", shape = tensor.Shape, data_offsets = new[] { end, end += 4L * tensor.Values.Length } };
        }

        if (metadata is not null) header[Metadata] = new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var start = 8 + ((json.Length + 7) / 8 * 8);
        var bytes = new byte[checked(start + end)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, start - 8);
        bytes.AsSpan(8, start - 8).Fill((byte)' ');
        json.CopyTo(bytes.AsSpan(8));
        foreach (var value in ordered.SelectMany(t => t.Value.Values))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(start), value);
            start += 4;
        }

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
        if (bytes.Length < 8) throw new UserError("truncated", source, expected: "8 bytes with the header's length", got: $"{bytes.Length} bytes");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > LongestHeader || length > (ulong)bytes.Length - 8)
            throw new UserError("the header is longer than the file, or than any header", source, expected: $"at most {Math.Min(bytes.Length - 8, LongestHeader)} bytes", got: $"{length} bytes");
        var entries = ParseHeader(bytes.Slice(8, (int)length), source);
        var data = bytes[(8 + (int)length)..];
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end) throw new UserError("values overlap or leave a gap", source, field: entry.Name, expected: $"data_offsets from {end}", got: $"{entry.Begin}");
            end = entry.End;
            if (end > data.Length) throw new UserError("truncated", source, field: entry.Name, expected: $"{end} bytes of values", got: $"{data.Length}");
            var values = new float[(entry.End - entry.Begin) / 4];
            for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[((int)entry.Begin + (4 * i))..]);
            var bad = Array.FindIndex(values, v => !float.IsFinite(v));
            if (bad >= 0) throw new UserError("not a finite number", source, field: $"{entry.Name}[{bad}]", got: values[bad].ToString(System.Globalization.CultureInfo.InvariantCulture));
            tensors[entry.Name] = new Tensor(entry.Shape, values);
        }

        return end == data.Length ? tensors : throw new UserError("bytes after the last value", source, expected: $"{end} bytes of values", got: $"{data.Length}");
    }

    /// <summary>The tensors that the header names, in the order of their values.</summary>
    private static List<Entry> ParseHeader(ReadOnlySpan<byte> header, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(Utf8.GetString(header), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            if (header[0] != '{') throw new JsonException("it does not begin with an object");
            if (document.RootElement.TryGetProperty(Metadata, out var metadata) &&
                (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String)))
                throw new JsonException($"{Metadata} is no object of texts");
            return [.. document.RootElement.EnumerateObject().Where(p => p.Name != Metadata).Select(p => Entry.Of(p, source)).OrderBy(e => e.Begin).ThenBy(e => e.End)];
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new UserError("the header is not the JSON object it should be", source, got: e.Message);
        }
    }

    private sealed record Entry(string Name, int[] Shape, long Begin, long End)
    {
        public static Entry Of(JsonProperty property, string source)
        {
            UserError Wrong(string expected, string field) => new("wrong header", source, field: $"{property.Name}.{field}", expected: expected, got: UserError.Quote(property.Value.GetRawText()));
            var known = property.Value.ValueKind == JsonValueKind.Object ? property.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];
            if (!known.Keys.Order(StringComparer.Ordinal).SequenceEqual(["data_offsets", "dtype", "shape"])) throw Wrong("dtype, shape, data_offsets and nothing else", "fields");
            if (known["dtype"].ValueKind != JsonValueKind.String || known["dtype"].GetString() != "F32") throw Wrong("\"F32\"", "dtype");
            if (Numbers(known["shape"], int.MaxValue) is not { } shape) throw Wrong("whole numbers, none negative", "shape");
            if (Numbers(known["data_offsets"], int.MaxValue) is not [var begin, var end] || begin > end) throw Wrong("two offsets, the first not beyond the second", "data_offsets");
            var size = shape.Aggregate(new BigInteger(4), (bytes, d) => bytes * d);
            if (size != end - begin) throw Wrong($"{size} bytes for this shape", "data_offsets");
            return new Entry(property.Name, [.. shape.Select(d => (int)d)], begin, end);
        }

        private static long[]? Numbers(JsonElement element, long largest)
        {
            if (element.ValueKind != JsonValueKind.Array) return null;
            var numbers = element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out var n) && n >= 0 && n <= largest ? n : -1).ToArray();
            return numbers.Contains(-1) ? null : numbers;
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Numerics.Tests;

public sealed class SafetensorsTests
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void Bytes_are_laid_out_as_in_a_file_written_by_hand()
    {
        // header of 152 bytes: 148 of JSON and 4 blanks, then 1, −2 and 0.5 as little-endian binary32
        const string header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}}    """;
        byte[] expected = [152, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F];
        var tensors = new Dictionary<string, Tensor> { ["b.weight"] = new([2, 1], [-2, 0.5f]), ["a"] = new([1], [1]) };
        Assert.Equal(expected, Safetensors.Format(tensors, new Dictionary<string, string> { ["format"] = "pt" }));
    }

    [Fact]
    public void What_is_written_is_read() => Prop.ForAll(Gen.Choose(0, 5).ArrayOf().Where(s => s.Length < 4).ToArbitrary(), ArbMap.Default.ArbFor<NonEmptyString>(), (shape, name) =>
    {
        var values = ClassifierTests.Draws(shape.Aggregate(1, (a, b) => a * b), 1);
        var tensors = new Dictionary<string, Tensor> { [name.Get.Replace('\uFFFD', 'x') + "1"] = new(shape, values), ["2"] = new([], [float.MaxValue]), ["0"] = new([3], [-0f, float.Epsilon, 1]) };
        if (name.Get.EnumerateRunes().Any(r => r.Value == 0xFFFD)) return; // half of a surrogate pair is no text
        var read = Safetensors.Parse(Safetensors.Format(tensors));
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        foreach (var (key, tensor) in tensors)
        {
            Assert.Equal(tensor.Shape, read[key].Shape);
            Assert.Equal(tensor.Values.Select(BitConverter.SingleToInt32Bits), read[key].Values.Select(BitConverter.SingleToInt32Bits));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_file_is_written_beside_its_place_and_read_back()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var file = Path.Combine(folder, "new", "w.safetensors");
        Safetensors.Write(file, new Dictionary<string, Tensor> { ["a"] = new([2], [1, 2]) });
        Safetensors.Write(file, new Dictionary<string, Tensor> { ["a"] = new([2], [3, 4]) });
        Assert.Equal([3, 4], Safetensors.Read(file)["a"].Values);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.Equal("no such file", Message(() => Safetensors.Read(file + "x")).Split(": ")[1]);
    }

    public static TheoryData<string, string> BadHeaders => new()
    {
        { "", "the header is not the JSON object" },
        { "[]", "the header is not the JSON object" },
        { "null", "the header is not the JSON object" },
        { "{", "the header is not the JSON object" },
        { " " + Good, "the header is not the JSON object" },
        { Good.Replace("\"a\"", "\"\\ud800\""), "the header is not the JSON object" },
        { Good.Replace("}}", "},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}"), "the header is not the JSON object" },
        { Good.Replace("{\"a\"", "{\"__metadata__\":{\"x\":1},\"a\""), "the header is not the JSON object" },
        { """{"a":null}""", "a: wrong header; expected F32" },
        { """{"a":1}""", "a: wrong header; expected F32" },
        { Good.Replace("]}", "],\"extra\":1}"), "a: wrong header; expected F32" },
        { Good.Replace("\"shape\":[2],", ""), "a: wrong header; expected F32" },
        { Good.Replace("F32", "F16"), "a: wrong header; expected F32" },
        { Good.Replace("[2]", "[-2]"), "a: wrong header; expected F32" },
        { Good.Replace("[2]", "[2.5]"), "a: wrong header; expected F32" },
        { Good.Replace("[2]", "2"), "a: wrong header; expected F32" },
        { Good.Replace("[2]", "[3]"), "a: wrong header; expected F32" },
        { Good.Replace("[2]", "[2147483647,2147483647,2147483647]"), "a: wrong header; expected F32" },
        { Good.Replace("[0,8]", "[8,0]"), "a: wrong header; expected F32" },
        { Good.Replace("[0,8]", "[0]"), "a: wrong header; expected F32" },
        { Good.Replace("[0,8]", "[4,12]"), "a: values overlap or leave a gap; expected data_offsets from 0, got 4" },
        { Good.Replace("}}", "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"), "b: values overlap or leave a gap; expected data_offsets from 8, got 4" },
        { Good.Replace("[2]", "[3]").Replace("8]", "12]"), "a: truncated; expected 12 bytes of values, got 8" },
        { "{}", "bytes after the last value; expected 0 bytes of values, got 8" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void A_bad_header_is_an_error_that_says_what_and_where(string header, string expected) =>
        Assert.StartsWith("w.safetensors: " + expected, Message(() => Safetensors.Parse(WithHeader(header), "w.safetensors")));

    [Fact]
    public void The_header_that_the_bad_ones_were_made_from_is_good() => Assert.Equal([1, 2], Safetensors.Parse(WithHeader(Good))["a"].Values);

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_not_finite_is_refused_both_ways(float value, string got)
    {
        var bytes = WithHeader(Good);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), value);
        Assert.Equal($"w: a[1]: not a finite number; got {got}", Message(() => Safetensors.Parse(bytes, "w")));
        Assert.Throws<ArgumentException>(() => Safetensors.Format(new Dictionary<string, Tensor> { ["a"] = new([1], [value]) }));
    }

    [Fact]
    public void Tensors_that_contradict_themselves_are_not_written()
    {
        Assert.Throws<ArgumentException>(() => Safetensors.Format(new Dictionary<string, Tensor> { ["a"] = new([3], [1]) }));
        Assert.Throws<ArgumentException>(() => Safetensors.Format(new Dictionary<string, Tensor> { ["__metadata__"] = new([1], [1]) }));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var bytes = Safetensors.Format(ClassifierTests.Weights(3, 2));
        for (var length = 0; length < bytes.Length; length++) Message(() => Safetensors.Parse(bytes.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(71UL)]
    public void A_length_of_the_header_beyond_the_file_is_refused(ulong length)
    {
        var bytes = WithHeader(Good);
        Assert.Equal(70, bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.StartsWith("safetensors: the header is longer than the file", Message(() => Safetensors.Parse(bytes)));
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused_and_never_anything_else() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(Gen.Choose(0, 300).Two().ArrayOf(3).ToArbitrary(), damage =>
        {
            var bytes = Safetensors.Format(ClassifierTests.Weights(3, 2), new Dictionary<string, string> { ["format"] = "pt" });
            foreach (var (at, value) in damage) bytes[at % bytes.Length] = (byte)value;
            try { Assert.All(Safetensors.Parse(bytes).Values, t => Assert.Equal(t.Values.Length, t.Shape.Aggregate(1, (a, b) => a * b))); }
            catch (UserError) { }
        }));

    private static string Message(Action act) => Assert.Throws<UserError>(act).Message;

    private static byte[] WithHeader(string header)
    {
        var bytes = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header).CopyTo(bytes, 8);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 8), 1);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), 2);
        return bytes;
    }
}

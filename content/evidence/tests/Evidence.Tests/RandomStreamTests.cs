using System.Text.Json;

namespace PortfolioProject.Evidence.Tests;

/// <summary>Against vectors computed by an independent implementation.</summary>
public sealed class RandomStreamTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(typeof(RandomStreamTests).Assembly.GetManifestResourceStream("splitmix64_vectors")!).RootElement;

    private static RandomStream Fresh() => new(Vectors.GetProperty("seed").GetUInt64());

    [Fact]
    public void Next_gives_the_published_outputs_of_SplitMix64()
    {
        var stream = Fresh();
        foreach (var expected in Vectors.GetProperty("next5").EnumerateArray()) Assert.Equal(expected.GetString(), stream.Next().ToString());
    }

    [Fact]
    public void Unit_takes_the_upper_53_bits()
    {
        var stream = Fresh();
        foreach (var expected in Vectors.GetProperty("unit5").EnumerateArray()) Assert.Equal(expected.GetDouble(), stream.Unit());
    }

    [Fact]
    public void Below_takes_the_high_half_of_the_product()
    {
        var stream = Fresh();
        foreach (var expected in Vectors.GetProperty("below10_x10").EnumerateArray()) Assert.Equal(expected.GetInt32(), stream.Below(10));
    }

    [Fact]
    public void Normal_gives_the_cosine_first_and_keeps_the_sine()
    {
        var stream = Fresh();
        foreach (var expected in Vectors.GetProperty("normal4").EnumerateArray()) Assert.Equal(expected.GetDouble(), stream.Normal(), 1e-15);
    }

    [Fact]
    public void Shuffle_is_Fisher_Yates_from_the_end()
    {
        var items = Enumerable.Range(0, 10).ToArray();
        Fresh().Shuffle<int>(items);
        Assert.Equal(Vectors.GetProperty("shuffle_range10").EnumerateArray().Select(e => e.GetInt32()), items);
    }

    [Fact]
    public void A_stream_of_a_seed_starts_at_1000_seeds_and_the_stream_number() =>
        Assert.Equal(new RandomStream(2_026_007).Next(), new RandomStream(2026, 7).Next());
}

using System.Buffers.Binary;

namespace PortfolioProject.Modeling;

/// <summary>From raw columns to what the model sees: x' = (x − Offset) / Scale in double, kept within ±<see cref="Limit"/>, then float.</summary>
public static class Preprocessing
{
    /// <summary>
    /// A standardised value among n rows is at most √(n − 1), so up to a million training rows none is cut; a request with an absurd value
    /// then still gives finite logits.
    /// </summary>
    public const double Limit = 1000;

    /// <summary>Row-major, as many columns as there are features.</summary>
    public static float[] Apply(IReadOnlyList<FeatureColumn> features, ReadOnlySpan<float> raw)
    {
        var scaled = new float[raw.Length];
        Apply([.. features.Select(f => f.Offset)], [.. features.Select(f => f.Scale)], raw, scaled);
        return scaled;
    }

    internal static void Apply(ReadOnlySpan<double> offsets, ReadOnlySpan<double> scales, ReadOnlySpan<float> raw, Span<float> scaled)
    {
        for (var i = 0; i < raw.Length; i += offsets.Length)
            for (var j = 0; j < offsets.Length; j++)
                scaled[i + j] = (float)Math.Clamp((raw[i + j] - offsets[j]) / scales[j], -Limit, Limit);
    }

    /// <summary>Identifies names, offsets and scales; see <see cref="BundleManifest"/>.</summary>
    public static string Sha256(IReadOnlyList<FeatureColumn> features)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        foreach (var feature in features)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(feature.Name + "\0"));
            BinaryPrimitives.WriteDoubleLittleEndian(numbers, feature.Offset);
            BinaryPrimitives.WriteDoubleLittleEndian(numbers[8..], feature.Scale);
            hash.AppendData(numbers);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

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
    public static void Apply(IReadOnlyList<FeatureColumn> features, ReadOnlySpan<float> raw, Span<float> scaled)
    {
        Span<double> offsets = features.Count <= 512 ? stackalloc double[features.Count] : new double[features.Count];
        Span<double> scales = features.Count <= 512 ? stackalloc double[features.Count] : new double[features.Count];
        for (var j = 0; j < features.Count; j++) (offsets[j], scales[j]) = (features[j].Offset, features[j].Scale);
        Apply(offsets, scales, raw, scaled);
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
        Span<byte> numbers = stackalloc byte[17];
        foreach (var feature in features)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(feature.Name));
            BinaryPrimitives.WriteDoubleLittleEndian(numbers[1..], feature.Offset);
            BinaryPrimitives.WriteDoubleLittleEndian(numbers[9..], feature.Scale);
            hash.AppendData(numbers);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

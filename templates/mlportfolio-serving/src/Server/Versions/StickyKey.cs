using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PortfolioProject.Server;

/// <summary>The hash of what a caller calls itself (header X-Sticky-Key): it stays with one version for as long as the canary does, and names its cluster in the log.</summary>
internal readonly struct StickyKey(string key)
{
    private readonly ulong _hash = Hash(key);

    public string Cluster => _hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>In [0, 1), another one for each canary, so that the same callers are not always the ones who try.</summary>
    public double Unit(string canary) => new RandomStream(_hash ^ Hash(canary)).Unit();

    private static ulong Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}

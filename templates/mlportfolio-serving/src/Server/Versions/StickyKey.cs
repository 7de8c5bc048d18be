using System.Buffers.Binary;

namespace PortfolioProject.Server;

/// <summary>The hash of what a caller calls itself (header X-Sticky-Key): it stays with one version for as long as the canary does, and names its cluster in the log.</summary>
internal static class StickyKey
{
    public static string Cluster(string key) => Hash(key).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>In [0, 1), another one for each canary, so that the same callers are not always the ones who try.</summary>
    public static double Unit(string key, string canary) => new RandomStream(Hash(key) ^ Hash(canary)).Unit();

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

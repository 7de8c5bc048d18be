using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MLPortfolio.Candidate;

/// <summary>
/// Draws that only the holder of the salt can repeat: block i of a purpose is HMAC-SHA256(HMAC-SHA256(salt, purpose), i), so that drawing more
/// for one purpose moves no other.
/// </summary>
internal sealed class SaltedStream
{
    private readonly byte[] _key;
    private readonly Queue<ulong> _words = new();
    private long _block;

    private SaltedStream(byte[] key) => _key = key;

    public static SaltedStream Of(string salt, string purpose) => new(Key(salt, purpose));

    /// <summary>The 32 bytes from which a purpose draws.</summary>
    public static byte[] Key(string salt, string purpose) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(purpose));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Unit());

    /// <summary>Uniform in 0 … n − 1.</summary>
    public int Below(int n) => (int)Math.BigMul(Next(), (ulong)n, out _);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>All items in a drawn order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToList();
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }

        return list;
    }

    private ulong Next()
    {
        if (_words.Count == 0)
        {
            var block = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(block, _block++);
            var hash = HMACSHA256.HashData(_key, block);
            for (var i = 0; i < hash.Length; i += 8)
            {
                _words.Enqueue(BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(i)));
            }
        }

        return _words.Dequeue();
    }
}

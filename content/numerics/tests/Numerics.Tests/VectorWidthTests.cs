using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PortfolioProject.Numerics.Tests;

public sealed class VectorWidthTests
{
    [Fact]
    public void Results_have_the_same_bits_under_every_vector_width()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add<T>(ReadOnlySpan<T> values) where T : struct => hash.AppendData(MemoryMarshal.AsBytes(values));
        var single = ClassifierTests.Draws(5000, 1);
        double[] plain = [.. single.Select(v => (double)v)];
        for (var length = 1; length < 70; length += 4)
        {
            Add([Kernels.Dot<float>(single.AsSpan(0, length), single.AsSpan(100, length))]);
            Add([Kernels.Dot<double>(plain.AsSpan(0, length), plain.AsSpan(100, length))]);
            var (c, d) = (new float[length * length], new double[length * length]);
            Kernels.Multiply<float>(single.AsSpan(0, length * 7), single.AsSpan(500, length * 7), c, length, 7, length, transposeB: true);
            Kernels.Multiply<double>(plain.AsSpan(0, length * 7), plain.AsSpan(500, length * 7), d, length, 7, length, transposeA: true);
            Kernels.Softmax<float>(c);
            Kernels.Softmax<double>(d);
            Add<float>(c);
            Add<double>(d);
        }

        var set = Problems.Clouds(120, 1);
        foreach (var architecture in new[] { "softmax", "mlp" })
        {
            var classifier = Problems.Train(set, Problems.Clouds(60, 2), new TrainingOptions { Architecture = architecture, Hidden = 21, Epochs = 4 });
            Add<byte>(Problems.Bytes(classifier));
            Add<double>(Problems.Predict(classifier, set));
        }

        VectorWidths.AssertSameBits(GetType(), nameof(Results_have_the_same_bits_under_every_vector_width), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace PortfolioProject.Numerics.Tests;

/// <summary>The same bits whatever vectors the processor has: this test runs once more in a child process with instruction sets switched off.</summary>
public sealed class VectorWidthTests
{
    private const string Answer = "NUMERICS_HASH_FILE";

    [Fact]
    public void Results_have_the_same_bits_under_every_vector_width()
    {
        var hash = Hash();
        if (Environment.GetEnvironmentVariable(Answer) is { } file)
        {
            File.WriteAllText(file, $"{hash} {Vector256.IsHardwareAccelerated}");
            return;
        }

        Assert.Equal($"{hash} {Vector256.IsHardwareAccelerated}", HashInChild("DOTNET_EnableAVX512", "0"));
        Assert.Equal($"{hash} False", HashInChild("DOTNET_EnableAVX2", "0"));
        Assert.Equal($"{hash} False", HashInChild("DOTNET_EnableHWIntrinsic", "0"));
    }

    private static string HashInChild(string variable, string value)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "hash.txt");
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet") start.ArgumentList.Add(typeof(VectorWidthTests).Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(VectorWidthTests).FullName}.{nameof(Results_have_the_same_bits_under_every_vector_width)}");
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("TESTINGPLATFORM_") || k.StartsWith("DOTNET_CLI_TEST_")).ToList()) start.Environment.Remove(key);
        (start.Environment[variable], start.Environment[Answer]) = (value, file);
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync();
        var errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.True(File.Exists(file), $"the child process gave no answer:\n{output.Result}{errors}");
        return File.ReadAllText(file);
    }

    private static string Hash()
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

        Add<double>(SoftmaxRegression.Fit(new Matrix(120, 2, [.. set.Rows.Select(v => (double)v)]), set.Labels, 3, new SoftmaxRegressionOptions(Iterations: 30)).Weights.Values);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

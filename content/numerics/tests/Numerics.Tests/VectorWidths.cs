using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace PortfolioProject.Numerics.Tests;

/// <summary>The same bits whatever vectors the processor has: a test runs once more in child processes with instruction sets switched off.</summary>
internal static class VectorWidths
{
    private const string Answer = "NUMERICS_ANSWER_FILE";

    /// <summary>Asserts that <paramref name="hash"/>, of what the test <paramref name="method"/> of <paramref name="tests"/> computes, is the same under every setting.</summary>
    public static void AssertSameBits(Type tests, string method, string hash)
    {
        if (Environment.GetEnvironmentVariable(Answer) is { } file)
        {
            File.WriteAllText(file, $"{hash} {Vector256.IsHardwareAccelerated}");
            return;
        }

        Assert.Equal($"{hash} {Vector256.IsHardwareAccelerated}", InChild(tests, method, "DOTNET_EnableAVX512"));
        Assert.Equal($"{hash} False", InChild(tests, method, "DOTNET_EnableAVX2"));
        Assert.Equal($"{hash} False", InChild(tests, method, "DOTNET_EnableHWIntrinsic"));
    }

    private static string InChild(Type tests, string method, string switchedOff)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "answer.txt");
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet") start.ArgumentList.Add(tests.Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{tests.FullName}.{method}");
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("TESTINGPLATFORM_") || k.StartsWith("DOTNET_CLI_TEST_")).ToList()) start.Environment.Remove(key);
        (start.Environment[switchedOff], start.Environment[Answer]) = ("0", file);
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync();
        var errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.True(File.Exists(file), $"the child process gave no answer:\n{output.Result}{errors}");
        return File.ReadAllText(file);
    }
}

using System.Collections.Concurrent;
using System.Reflection;
using MLPortfolio.PackTests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: KeepsSandboxOfFailure]

namespace MLPortfolio.PackTests;

/// <summary>
/// A temporary folder outside the pack's repository, so that nothing generated in it inherits the pack's build files. It goes when its test has
/// passed; where the test failed it stays, and the run's closing lines say how to enter it. One that belongs to several tests stays when any failed.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<string>> _left = new();
    private static int _failures;

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlportfolio-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose()
    {
        if (TestContext.Current.Test is { } test)
        {
            _left.GetOrAdd(test.UniqueID, _ => []).Add(Folder);
        }
        else
        {
            Clear(Folder, isKept: _failures > 0, "tests that share it");
        }
    }

    /// <summary>The test has ended: what it used is deleted, or kept and recorded.</summary>
    internal static void End(ITest test)
    {
        var hasFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (hasFailed)
        {
            Interlocked.Increment(ref _failures);
        }

        foreach (var folder in _left.TryRemove(test.UniqueID, out var folders) ? folders : [])
        {
            Clear(folder, hasFailed, test.TestDisplayName);
        }
    }

    private static void Clear(string folder, bool isKept, string whose)
    {
        if ((isKept && Directory.EnumerateFileSystemEntries(folder).Any()) || Environment.GetEnvironmentVariable("MLPORTFOLIO_KEEP") is not null)
        {
            Ledger.Keep(folder, whose);
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>Tells <see cref="Sandbox"/> how each test ended.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class KeepsSandboxOfFailureAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Sandbox.End(test);
}

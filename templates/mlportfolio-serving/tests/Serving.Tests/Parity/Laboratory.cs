using System.Diagnostics;
using PortfolioProject.Evidence;

namespace PortfolioProject.Serving.Tests;

/// <summary>python/ of this repository, run by the first Python that has PyTorch; without one the test is skipped and says so.</summary>
internal static class Laboratory
{
    public static string Root { get; } = Repository.FindRoot(AppContext.BaseDirectory);

    private static readonly Lazy<string?> Python = new(() => new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(p => Run(p, "-c", "import torch").Code == 0));

    private static readonly Lazy<bool> HasPytest = new(() => Python.Value is { } python && Run(python, "-c", "import pytest").Code == 0);

    /// <summary>Standard output of python/train.py with these arguments.</summary>
    public static string Train(params string[] arguments) => Succeed([Path.Combine(Root, "python", "train.py"), .. arguments]);

    /// <summary>The summary of the laboratory's own tests.</summary>
    public static string Pytest()
    {
        Require(HasPytest.Value, "pytest");
        return Succeed("-m", "pytest", "-q", "-p", "no:cacheprovider", Path.Combine(Root, "python"));
    }

    public static (int Code, string Output, string Errors) RunTrain(params string[] arguments)
    {
        Require(Python.Value is not null, "torch");
        return Run(Python.Value!, [Path.Combine(Root, "python", "train.py"), .. arguments]);
    }

    private static string Succeed(params string[] arguments)
    {
        Require(Python.Value is not null, "torch");
        var (code, output, errors) = Run(Python.Value!, arguments);
        Assert.True(code == 0, $"python {string.Join(' ', arguments)} ended with {code}:\n{output}{errors}");
        return output;
    }

    private static void Require(bool there, string module) => Assert.SkipUnless(there, $"no Python with {module} here: apt-get install python3-torch python3-pytest");

    private static (int Code, string Output, string Errors) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PYTHONDONTWRITEBYTECODE"], start.Environment["PYTHONUTF8"]) = ("1", "1");
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", $"no program {program}");
        }
    }
}

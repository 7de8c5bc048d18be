using System.Diagnostics;
using PortfolioProject.Evaluation;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>The built program, as a user runs it.</summary>
internal static class CommandLine
{
    private static readonly string Program =
        Path.Combine(AppContext.BaseDirectory, typeof(EvaluationRun).Assembly.GetName().Name![..^nameof(Evaluation).Length] + "Cli.dll");

    public static Process Start(string folder, params string[] arguments)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("CI");
        return Process.Start(info)!;
    }

    public static (int Code, string Output, string Error) Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}

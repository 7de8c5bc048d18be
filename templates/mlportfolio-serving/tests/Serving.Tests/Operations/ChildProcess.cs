using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

/// <summary>This test program started once more, to do one thing until it is killed.</summary>
internal static class ChildProcess
{
    private const string Folder = "PREDICTION_LOG_CHILD";

    public static Process StartWriter(string folder)
    {
        var (program, dll) = (Environment.ProcessPath!, Assembly.GetExecutingAssembly().Location);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [Folder] = folder } };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(dll);
        return Process.Start(start)!;
    }

    /// <summary>Predicts for ever; an id is printed when its prediction has been acknowledged. One thread: others would wait for this initializer to end.</summary>
    [ModuleInitializer]
    internal static void WriteWhenChild()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder) return;
        using var log = new PredictionLog(folder, new MonitoringConfig { LogMegabytes = 512 });
        while (true)
        {
            var outcome = OperationsSample.Outcome();
            if (OperationsSample.Append(log, outcome)) Console.Out.WriteLine(outcome.Id);
        }
    }
}

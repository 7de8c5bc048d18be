using System.Text.RegularExpressions;

namespace PortfolioProject.Cli;

/// <summary>This program once more, serving in a process of its own on loopback, so that its CPU time and memory are its own. Disposing ends it.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServerProcess(Process process, Uri address, double listening) => (_process, Address, ListeningMilliseconds) = (process, address, listening);

    public Uri Address { get; }

    /// <summary>From the start of the process to the line that tells its address.</summary>
    public double ListeningMilliseconds { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Runs this program with these arguments in the folder and waits until it prints the address that it listens on.</summary>
    public static async Task<ServerProcess> StartAsync(string folder, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var (watch, process, listening) = (Stopwatch.StartNew(), Start(folder, arguments), new TaskCompletionSource<(string, double)>(TaskCreationOptions.RunContinuationsAsynchronously));
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) listening.TrySetException(new UserError("the server did not start", fix: "Run it by hand: " + string.Join(' ', arguments)) { Code = ExitCode.Incomplete });
            else if (AddressPattern().Match(line.Data) is { Success: true } found) listening.TrySetResult((found.Value, watch.Elapsed.TotalMilliseconds));
        };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var (address, milliseconds) = await listening.Task.WaitAsync(Patience, cancel);
        return new ServerProcess(process, new Uri(address), milliseconds);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string folder, IEnumerable<string> arguments)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, [typeof(ServerProcess).Assembly.Location, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        })!;
    }

    [GeneratedRegex(@"http://[^\s""/:]+:\d+")]
    private static partial Regex AddressPattern();
}

using System.Text.RegularExpressions;

namespace PortfolioProject.Bench;

/// <summary>This program once more, serving in a process of its own on loopback, so that its CPU time and memory are its own. Disposing ends it.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "PortfolioProject.Cli.dll");
    private readonly Process _process;

    private ServerProcess(Process process, string address, double listening) => (_process, Address, ListeningMilliseconds) = (process, new Uri(address), listening);

    public Uri Address { get; }

    /// <summary>From the start of the process to the line that tells its address.</summary>
    public double ListeningMilliseconds { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu => Now.TotalProcessorTime;

    public double ResidentMegabytes => Now.WorkingSet64 / 1e6;

    private Process Now
    {
        get
        {
            _process.Refresh();
            return _process;
        }
    }

    /// <summary>Runs this program with these arguments in the folder and waits until it prints the address that it listens on.</summary>
    public static async Task<ServerProcess> StartAsync(string folder, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Program, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var (watch, listening) = (Stopwatch.StartNew(), new TaskCompletionSource<(string Address, double Milliseconds)>(TaskCreationOptions.RunContinuationsAsynchronously));
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) listening.TrySetException(new UserError("the server did not start", fix: "Run it by hand: " + string.Join(' ', arguments)) { Code = ExitCode.Incomplete });
            else if (AddressPattern().Match(line.Data) is { Success: true } found) listening.TrySetResult((found.Value, watch.Elapsed.TotalMilliseconds));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var (address, milliseconds) = await listening.Task.WaitAsync(TimeSpan.FromMinutes(1), cancel);
        return new ServerProcess(process, address, milliseconds);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://[^\s""/:]+:\d+")]
    private static partial Regex AddressPattern();
}

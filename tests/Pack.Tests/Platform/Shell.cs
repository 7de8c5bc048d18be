using System.Diagnostics;
using System.Text;

namespace MLPortfolio.PackTests;

/// <summary>What a finished process said: exit code, standard output and standard error.</summary>
internal sealed record Finished(string Command, int ExitCode, string Output, string Error)
{
    public string All => Output + Error;

    /// <summary>Fails the test with everything the process said unless it exited with <paramref name="code"/>.</summary>
    public Finished Exits(int code = 0)
    {
        if (ExitCode != code)
        {
            Assert.Fail($"`{Command}` exited {ExitCode}, expected {code}\n{Tail(Output)}\n{Tail(Error)}");
        }

        return this;
    }

    private static string Tail(string text) => text.Length <= 6000 ? text : "…" + text[^6000..];
}

/// <summary>Runs processes with no standard input, a time limit, and an environment free of the outer test run's variables.</summary>
internal static class Shell
{
    private static readonly string[] _scrubbed = ["TESTINGPLATFORM_", "DOTNET_CLI_TEST_", "MSBUILD", "XUNIT_", "SOURCE_DATE_EPOCH"];

    public static Finished Dotnet(string folder, params string[] arguments) =>
        Run("dotnet", arguments, folder, TimeSpan.FromMinutes(10));

    public static Finished Run(string program, IReadOnlyList<string> arguments, string folder, TimeSpan limit,
        IReadOnlyDictionary<string, string>? environment = null) => Run(program, arguments, folder, limit, environment, invitation: null);

    /// <summary>
    /// Runs a script as at a terminal: whenever it says how to stop it (prints "Ctrl-C"), it and its children get what Ctrl-C sends. They listen
    /// to it, even where the test run itself was started in the background and ignores it.
    /// </summary>
    public static Finished AtTerminal(string script, string folder, TimeSpan limit) =>
        Run("env", ["--default-signal=INT,QUIT", "setsid", "bash", "-euo", "pipefail", "-c", script], folder, limit, environment: null, invitation: "Ctrl-C");

    private static Finished Run(string program, IReadOnlyList<string> arguments, string folder, TimeSpan limit,
        IReadOnlyDictionary<string, string>? environment, string? invitation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(k => _scrubbed.Any(s => k.StartsWith(s, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["CI"] = "true";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = Read(process, process.StandardOutput);
        var error = Read(process, process.StandardError);
        var line = $"{program} {string.Join(' ', arguments)}";
        var (stopped, deadline) = (0, DateTime.UtcNow + limit);
        while (invitation is not null && !process.WaitForExit(200) && DateTime.UtcNow < deadline)
        {
            if (output().Split(invitation).Length - 1 > stopped)
            {
                stopped++;
                Process.Start("kill", ["-INT", "--", $"-{process.Id}"]).WaitForExit();
            }
        }

        if (!process.WaitForExit(invitation is null ? limit : TimeSpan.Zero))
        {
            process.Kill(entireProcessTree: true);
            return new Finished(line, -1, output(), error() + $"\nstopped after {limit.TotalSeconds:0} s");
        }

        return new Finished(line, process.ExitCode, output(), error());
    }

    /// <summary>Reads a stream in the background; a process that outlives its parent (a compiler server) may hold the pipe, so the end is not awaited for long.</summary>
    private static Func<string> Read(Process process, StreamReader stream)
    {
        var text = new StringBuilder();
        var reading = Task.Run(async () =>
        {
            var buffer = new char[4096];
            for (int n; (n = await stream.ReadAsync(buffer)) > 0;)
            {
                lock (text)
                {
                    text.Append(buffer, 0, n);
                }
            }
        });
        return () =>
        {
            if (process.HasExited)
            {
                reading.Wait(TimeSpan.FromSeconds(3));
            }

            lock (text)
            {
                return text.ToString();
            }
        };
    }

    /// <summary>Whether a container engine answers on this machine.</summary>
    public static bool HasContainerEngine { get; } = Answers("docker", "info");

    public static bool Answers(string program, params string[] arguments)
    {
        try
        {
            return Run(program, arguments, Path.GetTempPath(), TimeSpan.FromSeconds(20)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

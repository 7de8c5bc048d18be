using System.Diagnostics;

namespace PortfolioProject.Serving.Tests;

/// <summary>The serve verb in a process of its own.</summary>
internal static class ServeProcess
{
    public static Process Start(string root, string environment = "Development", params (string Name, string Value)[] variables)
    {
        File.WriteAllText(Path.Combine(root, ".mlportfolio.json"), "{}");
        Directory.CreateDirectory(Path.Combine(root, "configs"));
        File.WriteAllText(Path.Combine(root, "configs/serving.yaml"), "model: sample\nlog_requests: true\n");
        File.WriteAllText(Path.Combine(root, "configs/batching.yaml"), "enabled: false\n");
        var start = new ProcessStartInfo("dotnet", [typeof(Cli.ServeVerb).Assembly.Location, "serve", "--urls", "http://127.0.0.1:0"]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in new[] { Server.ApiKeys.PredictVariable, Server.ApiKeys.AdminVariable }) start.Environment.Remove(variable);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<int> PortAsync(Process server)
    {
        var line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("listening on http://127.0.0.1:", line);
        return new Uri(line!["listening on ".Length..]).Port;
    }

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    public static async Task TerminateAsync(Process server)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{server.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}

namespace PortfolioProject.Cli;

/// <summary>health: whether the service on this machine is ready, as an exit code; what the image's health check runs.</summary>
internal static class HealthVerb
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "The service; by default the first address of ASPNETCORE_URLS, else http://127.0.0.1:8080", DefaultValueFactory = _ => Here() };
        var command = new Command("health", "Exit 0 when the service is ready, 4 when it is not. Example: health --url http://127.0.0.1:8080") { url };
        command.SetAction(async (parsed, cancel) =>
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(parsed.GetRequiredValue(url).TrimEnd('/') + "/v2/health/ready", cancel);
            parsed.InvocationConfiguration.Output.Write(answer.IsSuccessStatusCode ? "ready\n" : $"not ready: {await answer.Content.ReadAsStringAsync(cancel)}\n");
            return (int)(answer.IsSuccessStatusCode ? ExitCode.Pass : ExitCode.Incomplete);
        });
        return command;
    }

    /// <summary>An address that listens everywhere is asked on loopback.</summary>
    private static string Here() => (Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0] is { Length: > 0 } first ? first : "http://127.0.0.1:8080")
        .Replace("//0.0.0.0", "//127.0.0.1").Replace("//+", "//127.0.0.1").Replace("//*", "//127.0.0.1").Replace("//[::]", "//127.0.0.1");
}

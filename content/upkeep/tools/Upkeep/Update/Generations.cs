using System.Diagnostics;

namespace PortfolioProject.Upkeep;

/// <summary>The repository as versions of the pack lay it down today, with the answers that made it; in a temporary folder with template hives of its own.</summary>
internal sealed class Generations(TemplateInfo info, string? feed) : IDisposable
{
    private const string Package = "MLPortfolio.Templates";
    private readonly string _folder = Directory.CreateTempSubdirectory("update-").FullName;

    /// <param name="package">A file, a folder, a version, or null for the newest version.</param>
    /// <returns>The generated repository's folder.</returns>
    public string Make(string label, string? package)
    {
        var (home, target) = (Path.Combine(_folder, label + "-home"), Path.Combine(_folder, label));
        var isPath = package is not null && (Path.Exists(package) || package.EndsWith(".nupkg", StringComparison.Ordinal));
        if (isPath && !Path.Exists(package)) throw new UserError("no such package", package, expected: "a .nupkg, a folder of the pack, or a version");
        Dotnet(home, ["install", isPath ? Path.GetFullPath(package!) : package is null ? Package : $"{Package}@{package}", .. feed is null ? Array.Empty<string>() : ["--add-source", feed]]);
        Dotnet(home, [info.Template, "-n", info.Name!, "-o", target, .. (info.Options ?? new Dictionary<string, string>()).SelectMany(o => new[] { $"--{o.Key}", o.Value })]);
        return target;
    }

    private void Dotnet(string home, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["new", .. arguments]) { WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        (start.Environment["DOTNET_CLI_HOME"], start.Environment["DOTNET_NOLOGO"], start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"], start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"]) = (home, "1", "1", "1");
        using var dotnet = Process.Start(start)!;
        dotnet.StandardInput.Close();
        var error = dotnet.StandardError.ReadToEndAsync();
        var output = dotnet.StandardOutput.ReadToEnd();
        dotnet.WaitForExit();
        if (dotnet.ExitCode != 0)
            throw new UserError($"dotnet new {arguments[0]} failed: {(error.Result.Trim() is { Length: > 0 } said ? said : output.Trim())}", fix: "Name both packages by file: --from OLD.nupkg --to NEW.nupkg");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

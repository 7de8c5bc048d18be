using System.Diagnostics;

namespace MLPortfolio.Candidate;

/// <summary>`dotnet new` from this pack, in a template hive of its own, with nobody to ask.</summary>
internal static class Generator
{
    /// <summary>The pack's repository: the folder above this program that holds it.</summary>
    public static string PackRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TemplatePack.csproj")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new UserError("the pack's repository is not above this program", fix: "Name it: --root=FOLDER");
        }

        return folder;
    }

    public static void Generate(string root, string template, string name, string? owner, string folder)
    {
        var home = Directory.CreateTempSubdirectory("candidate-home-").FullName;
        try
        {
            Must(home, "new", "install", root);
            Must(home, ["new", template, "-n", name, "-o", folder, .. owner is null ? Array.Empty<string>() : ["--owner", owner]]);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Runs dotnet without standard input; what it says on failure is the <see cref="UserError"/>.</summary>
    public static void Must(string home, params string[] arguments)
    {
        var (code, said) = Run(home, Path.GetTempPath(), arguments);
        if (code != 0)
        {
            throw new UserError($"dotnet {string.Join(' ', arguments.Take(2))} failed: {said.Trim()}");
        }
    }

    public static (int Code, string Said) Run(string? home, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.Ordinal) || k is "CANDIDATE_SALT").ToList())
        {
            start.Environment.Remove(name);
        }

        (start.Environment["DOTNET_NOLOGO"], start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"], start.Environment["DOTNET_CLI_UI_LANGUAGE"]) = ("1", "1", "en");
        (start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"], start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"]) = ("0", "1", "1");
        if (home is not null)
        {
            start.Environment["DOTNET_CLI_HOME"] = home;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}

namespace MLPortfolio.PackTests.Candidates;

/// <summary>tools/Candidate, built once.</summary>
internal static class CandidateProgram
{
    private static readonly Lazy<string> _program = new(() =>
    {
        var project = Path.Combine(PackTree.Here.Root, "tools", "Candidate");
        Ledger.Time("pack", "build tools/Candidate", () => Shell.Dotnet(project, "build", "-nologo", "-v", "q")).Exits();
        return Path.Combine(project, "bin", "Debug", "net10.0", "Candidate.dll");
    });

    public const string Salt = "a salt of these tests 4711";

    public static Finished Run(string folder, params string[] arguments) => Shell.Run("dotnet", [_program.Value, .. arguments], folder, TimeSpan.FromMinutes(10));

    public static Finished Scaffold(string folder, string template, string output, string salt = Salt, params string[] more) =>
        Run(folder, ["scaffold", $"--template={template}", "--name=Task-17", $"--salt={salt}", $"--out={output}", .. more]);

    /// <summary>Scaffolds of each template with <see cref="Salt"/>, made once.</summary>
    private static readonly Sandbox _made = new();
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<string>> _scaffolds = new();

    /// <summary>The output folder of a scaffold that tests only read.</summary>
    public static string Scaffolded(string template) => _scaffolds.GetOrAdd(template, t => new Lazy<string>(() =>
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        Ledger.Time(t, "candidate: scaffold", () => Scaffold(_made.Folder, t, t)).Exits();
        return _made[t];
    })).Value;

    private static void Delete()
    {
        if (Directory.Exists(_made.Folder))
        {
            _made.Dispose();
        }
    }

    /// <summary>Every file below a folder with its bytes, by relative path.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes);

    /// <summary>truth.csv of a key, without its header.</summary>
    public static IReadOnlyList<string[]> Truths(string output) => [.. File.ReadLines(Path.Combine(output, "key", "truth.csv")).Skip(1).Select(l => Cells(l))];

    public static string[] Cells(string line)
    {
        var (cells, quoted) = (new List<string> { "" }, false);
        foreach (var c in line)
        {
            quoted ^= c == '"';
            if (c == ',' && !quoted)
            {
                cells.Add("");
            }
            else if (c != '"')
            {
                cells[^1] += c;
            }
        }

        return [.. cells];
    }
}

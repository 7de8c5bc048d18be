using System.Text;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>A copy of a generated repository that may be broken. Its programs are those of the built default repository, unless they were built anew here.</summary>
internal sealed class Victim(GeneratedRepository built, string folder)
{
    private static readonly string _bin = Path.Combine("bin", "Debug", "net10.0");

    public string Folder => folder;

    public string Namespace { get; } = built.Namespace;

    /// <summary>Whether the folder holds what was built in it, so that its own programs run.</summary>
    public bool IsBuilt { get; init; }

    public string this[string path] => Path.Combine(folder, path);

    public string Read(string path) => File.ReadAllText(this[path]);

    /// <summary>Replaces the first occurrence of a text that has to be there.</summary>
    public void Replace(string path, string old, string replacement)
    {
        var text = Read(path);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{path} does not hold {old}");
        Assert.NotEqual(old, replacement);
        Write(path, text[..at] + replacement + text[(at + old.Length)..]);
    }

    /// <summary>Rewrites a file's lines, which has to change something.</summary>
    public void Lines(string path, Func<List<string>, IEnumerable<string>> change)
    {
        var text = Read(path);
        var changed = string.Join('\n', change([.. text.TrimEnd('\n').Split('\n')])) + "\n";
        Assert.NotEqual(text, changed);
        Write(path, changed);
    }

    public void FlipByte(string path, Index at)
    {
        var bytes = File.ReadAllBytes(this[path]);
        bytes[at] ^= 1;
        File.WriteAllBytes(this[path], bytes);
    }

    public Finished Cli(params string[] verb) => Shell.Dotnet(folder, [Program("src/Cli", "Cli"), .. verb]);

    public Finished Test(string project, string type)
    {
        // A test looks for the repository upwards from its own assembly.
        if (!IsBuilt)
        {
            Copy(Path.Combine(built.Folder, "tests", project, _bin), this[Path.Combine("tests", project, _bin)]);
        }

        return Shell.Dotnet(folder, Path.Combine(folder, "tests", project, _bin, $"{Namespace}.{project}.dll"), "-class", $"*.{type}", "-noColor", "-noLogo");
    }

    public Finished Dotnet(params string[] arguments) => Shell.Dotnet(folder, arguments);

    public void Write(string path, string text) => File.WriteAllText(this[path], text, new UTF8Encoding(false));

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private string Program(string project, string name) => Path.Combine(IsBuilt ? folder : built.Folder, project, _bin, $"{Namespace}.{name}.dll");
}

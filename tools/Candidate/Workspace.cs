using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>A generated repository that an exercise edits.</summary>
internal sealed partial class Workspace(string root)
{
    private static readonly string[] _text = [".md", ".yaml", ".yml", ".cs", ".hbs", ".py", ".csproj", ".json"];

    /// <summary>What an evidence block reads while nothing is pinned; the generated repository's check compares it.</summary>
    private const string Unmeasured = "*not measured: `dotnet run --project src/Cli`, then `dotnet run --project src/Cli -- pin latest`*\n";

    public string Root => root;

    public string PathOf(string file) => Path.Combine(root, file);

    public bool Has(string file) => Path.Exists(PathOf(file));

    public string Read(string file) => TextFile.Read(PathOf(file));

    public void Write(string file, string text) => TextFile.Write(PathOf(file), text);

    /// <summary>Removes a file or a folder, and a folder that is then empty.</summary>
    public void Remove(string path)
    {
        if (Directory.Exists(PathOf(path)))
        {
            Directory.Delete(PathOf(path), recursive: true);
        }
        else if (File.Exists(PathOf(path)))
        {
            File.Delete(PathOf(path));
            var folder = Path.GetDirectoryName(PathOf(path))!;
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>Replaces text that must be there: a template that changed makes the exercise say so instead of planting nothing.</summary>
    public void Edit(string file, string old, string replacement)
    {
        var text = Read(file);
        Write(file, text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, replacement, StringComparison.Ordinal)
            : throw new InvalidOperationException($"{file} no longer holds {UserError.Quote(old)}: the exercise has to follow its template"));
    }

    /// <summary>Replaces a pattern that must be there.</summary>
    public void Edit(string file, Regex old, string replacement)
    {
        var text = Read(file);
        Write(file, old.IsMatch(text) ? old.Replace(text, replacement) : throw new InvalidOperationException($"{file} no longer matches {old}: the exercise has to follow its template"));
    }

    /// <summary>Writes another path wherever a text of the repository names this one.</summary>
    public void Rename(string old, string now)
    {
        foreach (var file in Files().Where(f => _text.Contains(Path.GetExtension(f))))
        {
            var text = Read(file);
            if (text.Contains(old, StringComparison.Ordinal))
            {
                Write(file, text.Replace(old, now, StringComparison.Ordinal));
            }
        }
    }

    public IEnumerable<string> Files() =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>
    /// Takes out what was measured on other data: results/ goes, every evidence block reads "not measured", and so does a chart outside of one.
    /// Decisions that rest on runs which the main job does not make go too: nobody could pin them again.
    /// </summary>
    public void ForgetEvidence()
    {
        Remove("results");
        foreach (var file in Files().Where(f => f.StartsWith("docs/decisions/", StringComparison.Ordinal) && OtherRun().IsMatch(Read(f))).ToList())
        {
            Remove(file);
        }

        foreach (var file in Files().Where(f => f.EndsWith(".md", StringComparison.Ordinal)))
        {
            var text = Read(file);
            var fresh = Chart().Replace(Block().Replace(text, m => m.Groups["open"].Value + Unmeasured + m.Groups["close"].Value), Unmeasured);
            if (fresh != text)
            {
                Write(file, fresh);
            }
        }
    }

    /// <summary>Makes these files the data that the repository came with.</summary>
    public void Ship(IEnumerable<string> data) =>
        Write("data/SHIPPED.sha256", string.Concat(data.Order(StringComparer.Ordinal).Select(f => $"{TextFile.Sha256OfFile(PathOf(f))}  {f}\n")));

    [GeneratedRegex(@"^(?:before|after): (?:""?results/(?!main\b)|.*\breview)", RegexOptions.Multiline)]
    private static partial Regex OtherRun();

    [GeneratedRegex(@"(?<open><!-- evidence:[\w-]+ -->\n).*?(?<close><!-- /evidence -->)", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^!\[[^\]]*\]\((?:\.\./)*results/[^)]*\)\n", RegexOptions.Multiline)]
    private static partial Regex Chart();
}

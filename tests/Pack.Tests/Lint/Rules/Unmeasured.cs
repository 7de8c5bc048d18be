using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Lint;

/// <summary>
/// Evidence belongs to the default options. unmeasured/ holds a template's documents as a repository without a run has them: the same prose, every
/// evidence block "not measured".
/// </summary>
internal sealed partial class UnmeasuredIsFresh : TemplateRule
{
    [GeneratedRegex(@"(?<open><!-- evidence:[\w-]+ -->\n).*?(?=<!-- /evidence -->)", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("const string Unmeasured = \"(?<text>.*)\\\\n\";")]
    private static partial Regex Phrase();

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var folder = Path.Combine(template.Folder, "unmeasured");
        if (!template.Sources.Any(s => s.Source == "./unmeasured/"))
        {
            return Directory.Exists(folder) ? ["unmeasured/ is laid down by no source"] : [];
        }

        var phrase = Phrase().Match(File.ReadAllText(Path.Combine(pack.Root, "content", "evidence", "src", "Evidence", "Blocks", "Publication.cs"))).Groups["text"].Value + "\n";
        var expected = Documents(template.Folder).ToDictionary(f => f, f => Block().Replace(File.ReadAllText(Path.Combine(template.Folder, f)), m => m.Groups["open"].Value + phrase));
        if (pack.IsBeingWritten)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            foreach (var (file, text) in expected)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
                File.WriteAllText(Path.Combine(folder, file), text);
            }
        }

        var present = Directory.Exists(folder) ? Documents(folder).ToHashSet() : [];
        return expected.Where(e => !present.Contains(e.Key) || File.ReadAllText(Path.Combine(folder, e.Key)) != e.Value)
            .Select(e => $"unmeasured/{e.Key} is not {e.Key} without a run (MLPORTFOLIO_WRITE=1 writes it)")
            .Concat(present.Except(expected.Keys).Select(f => $"unmeasured/{f} has no {f} beside it"));
    }

    /// <summary>README.md and docs/**/*.md, relative to the folder.</summary>
    private static IEnumerable<string> Documents(string folder) => new[] { "README.md" }.Where(f => File.Exists(Path.Combine(folder, f)))
        .Concat(Directory.Exists(Path.Combine(folder, "docs"))
            ? Directory.GetFiles(Path.Combine(folder, "docs"), "*.md", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)
            : []);
}

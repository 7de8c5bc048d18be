using System.Text;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Lint;

/// <summary>The pack's README lists the templates and options that exist: its table is rendered from template.json.</summary>
internal sealed partial class ReadmeTableIsFresh : LintRule
{
    [GeneratedRegex("(?<=<!-- options -->\n).*?(?=<!-- /options -->)", RegexOptions.Singleline)]
    private static partial Regex Table();

    public override IEnumerable<string> Inspect(PackTree pack)
    {
        var path = Path.Combine(pack.Root, "README.md");
        var text = File.ReadAllText(path);
        var expected = Render(pack);
        if (pack.IsBeingWritten && Table().IsMatch(text))
        {
            File.WriteAllText(path, text = Table().Replace(text, _ => expected));
        }

        var match = Table().Match(text);
        if (!match.Success)
        {
            yield return "README.md has no <!-- options --> table";
        }
        else if (match.Value != expected)
        {
            yield return $"README.md: the table of options is stale; it must read\n{expected}(MLPORTFOLIO_WRITE=1 writes it)";
        }
    }

    public static string Render(PackTree pack)
    {
        var table = new StringBuilder("| template | option | values (default first) | what it sets |\n| --- | --- | --- | --- |\n");
        foreach (var template in pack.Templates)
        {
            foreach (var option in template.Options)
            {
                var values = option.Choices.Count == 0 ? $"{(option.DataType == "integer" ? "number" : "text")} ({option.Default})"
                    : string.Join(", ", option.Choices.OrderBy(c => c == option.Default ? 0 : 1).Select(c => $"`{c}`"));
                table.Append($"| `{template.ShortName}` | `--{option.Name}` | {values} | {option.Description} |\n");
            }
        }

        return table.ToString();
    }
}

/// <summary>The pack's README names targets and paths that are there.</summary>
internal sealed partial class ReadmeNamesWhatExists : LintRule
{
    [GeneratedRegex(@"\./build\.sh (?<target>[a-z]+)")]
    private static partial Regex Target();

    [GeneratedRegex("""Task\("(?<name>\w+)"\)""")]
    private static partial Regex Task();

    [GeneratedRegex(@"(?<![\w/.])(?<path>(?:templates|content|tests|build)/[\w./-]*\w)(?![\w/*<])")]
    private static partial Regex OwnPath();

    public override IEnumerable<string> Inspect(PackTree pack)
    {
        var text = File.ReadAllText(Path.Combine(pack.Root, "README.md"));
        var tasks = Directory.Exists(Path.Combine(pack.Root, "build", "tasks"))
            ? Directory.GetFiles(Path.Combine(pack.Root, "build", "tasks")).SelectMany(f => Task().Matches(File.ReadAllText(f))).Select(m => m.Groups["name"].Value).ToHashSet() : [];
        return Target().Matches(text).Select(m => m.Groups["target"].Value).Distinct().Where(t => !tasks.Contains(t)).Select(t => $"README.md names the target {t}, which the build does not have")
            .Concat(OwnPath().Matches(text).Select(m => m.Groups["path"].Value).Distinct().Where(p => !Path.Exists(Path.Combine(pack.Root, p))).Select(p => $"README.md names {p}, which is not there"));
    }
}

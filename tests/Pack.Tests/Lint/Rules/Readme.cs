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
                var values = option.Choices.Count == 0 ? $"text ({option.Default})"
                    : string.Join(", ", option.Choices.OrderBy(c => c == option.Default ? 0 : 1).Select(c => $"`{c}`"));
                table.Append($"| `{template.ShortName}` | `--{option.Name}` | {values} | {option.Description} |\n");
            }
        }

        return table.ToString();
    }
}

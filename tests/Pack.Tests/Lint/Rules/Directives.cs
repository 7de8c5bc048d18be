using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Lint;

/// <summary>The engine's conditional lines in a text: <c>#if (x)</c>, <c>//#if (x)</c>, <c>&lt;!--#if (x)--&gt;</c>.</summary>
internal static partial class Directive
{
    [GeneratedRegex(@"^[ \t]*(?<open>#|//#|<!--#)(?<word>if|elseif|else|endif)\b(?<condition>[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Line();

    public static IEnumerable<(string Open, string Word)> Find(string text) => Line().Matches(text).Select(m => (m.Groups["open"].Value, m.Groups["word"].Value));

    public static IEnumerable<string> Conditions(string text) => Line().Matches(text).Where(m => m.Groups["word"].Value is "if" or "elseif")
        .Select(m => m.Groups["condition"].Value.Replace("-->", "").Trim());
}

/// <summary>The engine knows each comment style in certain files only; elsewhere a directive reaches the generated repository as it stands.</summary>
internal sealed class DirectivesDoNotLeak : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        foreach (var file in template.Files.Where(f => f.IsText && !f.Target.StartsWith("data/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(file.Target);
            var open = Path.GetExtension(name) switch
            {
                ".cs" or ".json" => "//#",
                ".yml" or ".yaml" or ".sh" => "#",
                ".md" when !file.CopyOnly => "<!--#",
                ".slnx" or ".xml" or ".csproj" or ".props" or ".targets" => "<!--#",
                _ => name is "Dockerfile" or ".gitignore" or ".editorconfig" ? "#" : "none",
            };
            // C# keeps its own #if: the engine is told to look for //#if alone there.
            var own = Path.GetExtension(name) == ".cs" && !Directive.Conditions(file.Text).Any(c => template.Symbols.Keys.Any(s => Regex.IsMatch(c, $@"\b{Regex.Escape(s)}\b")));
            foreach (var (used, word) in Directive.Find(file.Text).Distinct().Where(d => !own || d.Open == open))
            {
                if (file.CopyOnly || used != open)
                {
                    yield return $"{file.Target}: {used}{word} is left standing by the engine{(open == "none" || file.CopyOnly ? "" : $"; use {open}{word}")}";
                }
            }

            var words = Directive.Find(file.Text).Select(d => d.Word).ToList();
            if (words.Count(w => w == "if") != words.Count(w => w == "endif"))
            {
                yield return $"{file.Target}: {words.Count(w => w == "if")} #if and {words.Count(w => w == "endif")} #endif";
            }
        }
    }
}

/// <summary>A post action that runs a program asks for permission, and with no standard input it asks for ever.</summary>
internal sealed class PostActionsDoNotPrompt : TemplateRule
{
    private const string RunScript = "3A7C4B45-1F5D-4A30-959A-51B88E82B5D2";

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        (template.Json["postActions"]?.AsArray() ?? [])
            .Where(a => string.Equals((string?)a!["actionId"], RunScript, StringComparison.OrdinalIgnoreCase))
            .Select(_ => "a post action runs a program: dotnet new would prompt");
}

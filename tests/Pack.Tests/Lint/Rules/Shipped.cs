using System.Text.Json.Nodes;
using PortfolioProject.Upkeep;

namespace MLPortfolio.PackTests.Lint;

/// <summary>
/// tools/Upkeep/SHIPPED.txt says what a template lays down, so that doctor can tell its owner's work from it: passages of prose, settings, published
/// runs, names of code files. MLPORTFOLIO_WRITE=1 writes it.
/// </summary>
internal sealed class ShippedListIsFresh : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var path = Path.Combine(template.Folder, ShippedList.Path);
        if (!template.Sources.Any(s => s.Source == "../../content/upkeep/"))
        {
            return File.Exists(path) ? [$"{ShippedList.Path} is read by nothing"] : [];
        }

        var expected = Render(template);
        if (pack.IsBeingWritten)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        return File.Exists(path) && File.ReadAllText(path) == expected ? [] : [$"{ShippedList.Path} is not what the template lays down (MLPORTFOLIO_WRITE=1 writes it)"];
    }

    internal static string Render(TemplateDefinition template) => string.Concat(Facts(template).Distinct().Order(StringComparer.Ordinal).Select(f => f + "\n"));

    private static IEnumerable<string> Facts(TemplateDefinition template)
    {
        var tokens = template.Symbols.Values.Select(s => (string?)s["replaces"]).OfType<string>().Where(t => !int.TryParse(t, out _)).ToList();
        foreach (var file in template.Files.Where(f => template.Sources[f.Source].Source != "./unmeasured/"))
        {
            // A passage that holds a token, or stands beside a condition, reads otherwise in every repository: its sentences stand for it.
            var conditional = file.IsText && Directive.Find(file.Text).Any();
            IEnumerable<string> facts = Document.IsMemo(file.Target)
                ? new Document(file.Target, file.Text).Passages.SelectMany(p => conditional || tokens.Any(ShippedList.WithoutCode(p.Text).Contains)
                    ? ShippedList.Sentences(p.Text).Append(p.Text).Where(t => !tokens.Any(ShippedList.WithoutCode(t).Contains)) : [p.Text])
                    .Select(t => $"prose {ShippedList.HashOfPassage(t)} {file.Target}")
                : file.Target.StartsWith("configs/", StringComparison.Ordinal) || file.Target == "claims.yaml" || file.Target.EndsWith("DATASHEET.md", StringComparison.Ordinal)
                ? [$"file {ShippedList.HashOfFile(file.Text)} {file.Target}"]
                : file.Target.Split('/') is ["results", var kind, "run.json"] ? [$"run {JsonNode.Parse(file.Text)!["id"]} {kind}"]
                : file.Target.EndsWith(".cs", StringComparison.Ordinal) ? [$"path - {file.Target}"] : [];
            foreach (var fact in facts)
            {
                yield return fact;
            }
        }
    }
}

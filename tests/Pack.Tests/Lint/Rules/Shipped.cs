using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PortfolioProject.Upkeep;

namespace MLPortfolio.PackTests.Lint;

/// <summary>
/// tools/Upkeep/SHIPPED.txt says what a template lays down, so that doctor can tell its owner's work from it: passages of prose, settings, data, published
/// runs, names of code files. MLPORTFOLIO_WRITE=1 writes it.
/// </summary>
internal sealed class ShippedListIsFresh : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var laid = template.Sources.Any(s => s.Source == "../../content/upkeep/");
        foreach (var (list, expected) in Lists(template))
        {
            var path = Path.Combine(template.Folder, list);
            if (pack.IsBeingWritten && laid)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, expected);
            }

            if (!laid ? File.Exists(path) : !File.Exists(path) || File.ReadAllText(path) != expected)
            {
                yield return laid ? $"{list} is not what the template lays down (MLPORTFOLIO_WRITE=1 writes it)" : $"{list} is read by nothing";
            }
        }
    }

    internal static string Render(TemplateDefinition template) => Render(template, _ => true);

    /// <summary>The list of the default engine, which knows nothing of another, and where there is another that of all files.</summary>
    private static IEnumerable<(string Path, string Text)> Lists(TemplateDefinition template)
    {
        yield return (ShippedList.Path, Render(template, f => !template.Sources[f.Source].IsOfAnotherEngine));
        foreach (var engine in template.Engines.Where(e => e != TemplateDefinition.DefaultEngine))
        {
            yield return ($"{engine}/{ShippedList.Path}", Render(template, _ => true));
        }
    }

    private static string Render(TemplateDefinition template, Func<ComposedFile, bool> holds) =>
        string.Concat(Facts(template, holds).Distinct().Order(StringComparer.Ordinal).Select(f => f + "\n"));

    private static IEnumerable<string> Facts(TemplateDefinition template, Func<ComposedFile, bool> holds)
    {
        var tokens = template.Symbols.Values.Select(s => (string?)s["replaces"]).OfType<string>().Where(t => !int.TryParse(t, out _)).ToList();
        foreach (var file in template.Files.Where(f => template.Sources[f.Source].Source != "./unmeasured/" && holds(f)))
        {
            // A passage that holds a token, or stands beside a condition, reads otherwise in every repository: its sentences stand for it.
            var conditional = file.IsText && Directive.Find(file.Text).Any();
            IEnumerable<string> facts = Document.IsMemo(file.Target)
                ? new Document(file.Target, file.Text).Passages.SelectMany(p => conditional || tokens.Any(ShippedList.WithoutCode(p.Text).Contains)
                    ? ShippedList.Sentences(p.Text).Append(p.Text).Where(t => !tokens.Any(ShippedList.WithoutCode(t).Contains)) : [p.Text])
                    .Select(t => $"prose {ShippedList.HashOfPassage(t)} {file.Target}")
                : ShippedList.IsSetting(file.Target) || file.Target.EndsWith("DATASHEET.md", StringComparison.Ordinal)
                ? [$"file {ShippedList.HashOfFile(file.Text)} {file.Target}"]
                : file.Target.StartsWith("data/", StringComparison.Ordinal) ? [$"data {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullPath)))[..16]} {file.Target}"]
                : file.Target.Split('/') is ["results", var kind, "run.json"] ? [$"run {JsonNode.Parse(file.Text)!["id"]} {kind}"]
                : file.Target.EndsWith(".cs", StringComparison.Ordinal) ? [$"path - {file.Target}"] : [];
            foreach (var fact in facts)
            {
                yield return fact;
            }
        }
    }
}

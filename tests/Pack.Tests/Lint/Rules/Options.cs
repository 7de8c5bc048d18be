using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests.Lint;

/// <summary>Every option stands in template.json, in the command line's host file and in the editors' host file.</summary>
internal sealed class HostFilesListEveryOption : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var options = template.Options.Select(o => o.Name).ToList();
        foreach (var (file, listed) in new[] { ("dotnetcli.host.json", Cli(template)), ("ide.host.json", Ide(template)) })
        {
            foreach (var option in options.Except(listed))
            {
                yield return $"{file} does not list --{option}";
            }

            foreach (var option in listed.Except(options))
            {
                yield return $"{file} lists {option}, which is no option";
            }
        }
    }

    private static List<string> Cli(TemplateDefinition template) => [.. (Read(template, "dotnetcli.host.json")?["symbolInfo"]?.AsObject() ?? []).Select(s => s.Key)];

    private static List<string> Ide(TemplateDefinition template) => [.. (Read(template, "ide.host.json")?["symbolInfo"]?.AsArray() ?? []).Select(s => (string)s!["id"]!)];

    private static JsonNode? Read(TemplateDefinition template, string file)
    {
        var path = Path.Combine(template.Folder, ".template.config", file);
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
    }
}

/// <summary>An option means the same in every template.</summary>
internal sealed class SharedOptionsAgree : LintRule
{
    public override IEnumerable<string> Inspect(PackTree pack) =>
        pack.Templates.SelectMany(t => t.Options.Select(o => (t.ShortName, Option: o))).GroupBy(o => o.Option.Name)
            .Where(g => g.Select(o => (o.Option.DataType, o.Option.Default, o.Option.Description, string.Join('|', o.Option.Choices))).Distinct().Count() > 1)
            .Select(g => $"--{g.Key} differs between {string.Join(", ", g.Select(o => o.ShortName))}");
}

/// <summary>What every template.json says the same way.</summary>
internal sealed class TemplatesAreAlike : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        if (template.Json["sourceName"] is not null)
        {
            yield return "sourceName is set: names like my-app would break paths";
        }

        if ((bool?)template.Json["preferNameDirectory"] is not true)
        {
            yield return "preferNameDirectory is not true";
        }

        foreach (var files in new[] { "src/**/*.cs", "tests/**/*.cs" }.Where(g => template.Json["SpecialCustomOperations"]?[g]?["operations"]?[0]?["configuration"]?["if"]?.ToJsonString() != "[\"//#if\"]"))
        {
            yield return $"SpecialCustomOperations does not say that {files} knows //#if alone: the engine would take a \"{{{{#if\" in a string for a directive";
        }

        if (template.ShortName != Path.GetFileName(template.Folder))
        {
            yield return $"shortName is {template.ShortName}, its folder {Path.GetFileName(template.Folder)}";
        }

        if (template.Options.FirstOrDefault(o => o.Description.Length == 0) is { } silent)
        {
            yield return $"--{silent.Name} has no description";
        }
    }
}

/// <summary>.mlportfolio.json tells a generated repository what it came from.</summary>
internal sealed class OriginIsTrue : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        if (template.Files.SingleOrDefault(f => f.Target == ".mlportfolio.json") is not { } file)
        {
            yield return "there is no .mlportfolio.json";
            yield break;
        }

        var origin = JsonNode.Parse(file.Text)!;
        if ((string?)origin["template"] != template.ShortName)
        {
            yield return $".mlportfolio.json names the template {origin["template"]}";
        }

        if ((string?)origin["version"] != pack.Version)
        {
            yield return $".mlportfolio.json has version {origin["version"]}, the package {pack.Version}";
        }

        if (template.Symbols.Values.All(s => (string?)s["replaces"] != $"\"{origin["name"]}\"" || (string?)s["valueSource"] != "name"))
        {
            yield return ".mlportfolio.json does not record the name as it was given";
        }

        var options = (origin["options"]?.AsObject() ?? []).Select(o => o.Key).ToList();
        foreach (var option in template.Options.Select(o => o.Name).Except(options))
        {
            yield return $".mlportfolio.json does not record --{option}";
        }
    }
}

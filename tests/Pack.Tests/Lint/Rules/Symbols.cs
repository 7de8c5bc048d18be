using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Lint;

/// <summary>A declared symbol that changes nothing misleads whoever reads `dotnet new -h`.</summary>
internal sealed class SymbolsAreUsed : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var texts = template.Files.Where(f => f is { IsText: true, CopyOnly: false }).Select(f => f.Text).ToList();
        var conditions = template.Conditions.Select(c => c.Condition).ToList();
        foreach (var (name, symbol) in template.Symbols)
        {
            var token = (string?)symbol["replaces"];
            if (token is not null && !texts.Any(t => t.Contains(token, StringComparison.Ordinal)))
            {
                yield return $"symbol {name}: no file holds {token}";
            }

            var word = new Regex($@"\b{Regex.Escape(name)}\b");
            if (token is null && !conditions.Any(word.IsMatch)
                && !template.Symbols.Values.Any(s => (string?)s["valueSource"] == name || word.IsMatch((string?)s["value"] ?? ""))
                && !texts.Any(t => Directive.Conditions(t).Any(word.IsMatch)))
            {
                yield return $"symbol {name} is used nowhere";
            }
        }
    }
}

/// <summary>Text that looks like a token of ours, or a condition on a name, must be declared: else it reaches the generated repository.</summary>
internal sealed partial class TokensAreDeclared : TemplateRule
{
    [GeneratedRegex(@"Portfolio[ -]Project[ -][A-Z][A-Za-z]*(?:-[A-Z][a-z]+)*|portfolio-project-[a-z]+")]
    private static partial Regex Token();

    [GeneratedRegex("""\b[a-zA-Z_]\w*\b(?=\s*(?:==|!=|&&|\|\||\)|$))""")]
    private static partial Regex Name();

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var tokens = template.Symbols.Values.Select(s => ((string?)s["replaces"] ?? "").Trim('"')).ToHashSet();
        foreach (var file in template.Files.Where(f => f.IsText))
        {
            foreach (var token in Token().Matches(file.Text).Select(m => m.Value).Distinct())
            {
                if (file.CopyOnly ? tokens.Any(t => t.Length > 0 && token.StartsWith(t, StringComparison.Ordinal)) : !tokens.Any(t => t.Length > 0 && token.StartsWith(t, StringComparison.Ordinal)))
                {
                    yield return file.CopyOnly ? $"{file.Target} is copyOnly and holds {token}" : $"{file.Target}: {token} is declared by no symbol";
                }
            }
        }

        var conditions = template.Conditions.Concat(template.Files.Where(f => f is { IsText: true, CopyOnly: false }).SelectMany(f => Directive.Conditions(f.Text).Select(c => (Where: f.Target, Condition: c))));
        foreach (var (where, condition) in conditions)
        {
            foreach (var name in Name().Matches(Regex.Replace(condition, "\"[^\"]*\"", "\"\"")).Select(m => m.Value).Where(n => n is not ("true" or "false") && !template.Symbols.ContainsKey(n)))
            {
                yield return $"{where}: condition {condition} names {name}, which is no symbol";
            }
        }
    }
}

/// <summary>A symbol called like an MSBuild property takes that property's value in conditions.</summary>
internal sealed class SymbolsAreNotBuildProperties : TemplateRule
{
    private static readonly HashSet<string> _properties = new(StringComparer.OrdinalIgnoreCase)
    {
        "Configuration", "Platform", "Version", "Nullable", "Product", "Company", "Authors", "Description", "TargetFramework", "OutputType",
        "LangVersion", "RootNamespace", "AssemblyName", "ImplicitUsings", "Optimize", "Deterministic", "PackageId", "Title", "Copyright",
        "RuntimeIdentifier", "SelfContained", "PublishAot", "UserSecretsId", "WarningLevel", "DefineConstants", "DebugType", "OutputPath",
    };

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        template.Symbols.Keys.Where(_properties.Contains).Select(s => $"symbol {s} is the name of an MSBuild property");
}

/// <summary>A short or common replaced value without a condition rewrites text that has nothing to do with it (a bare 2026 rewrites years).</summary>
internal sealed class ReplacedValuesAreDistinctive : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        from symbol in template.Symbols
        let token = (string?)symbol.Value["replaces"]
        where token is not null && symbol.Value["onlyIf"] is null && !token.Contains("ortfolio", StringComparison.Ordinal)
        select $"symbol {symbol.Key} replaces {token}, which has no onlyIf and is no token of ours";
}

/// <summary>An unknown value form installs without complaint and then changes nothing.</summary>
internal sealed class FormsExist : TemplateRule
{
    private static readonly string[] _identifiers =
        ["chain", "replace", "lowerCase", "lowerCaseInvariant", "upperCase", "upperCaseInvariant", "firstLowerCase", "firstUpperCase", "titleCase", "kebabCase", "xmlEncode", "jsonEncode", "identity"];

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        var forms = template.Json["forms"]?.AsObject() ?? [];
        var used = new HashSet<string>();
        foreach (var (name, form) in forms)
        {
            var identifier = (string?)form!["identifier"] ?? "";
            if (!_identifiers.Contains(identifier))
            {
                yield return $"form {name}: the engine has no form {identifier}";
            }

            foreach (var step in (form["steps"]?.AsArray() ?? []).Select(s => (string)s!))
            {
                used.Add(step);
                if (!forms.ContainsKey(step) && step != "identity")
                {
                    yield return $"form {name}: step {step} is no form";
                }
            }
        }

        foreach (var (name, symbol) in template.Symbols)
        {
            if ((string?)symbol["valueTransform"] is not { } transform)
            {
                continue;
            }

            used.Add(transform);
            if (!forms.ContainsKey(transform) && transform != "identity")
            {
                yield return $"symbol {name}: valueTransform {transform} is no form";
            }
        }

        foreach (var name in forms.Select(f => f.Key).Where(f => !used.Contains(f)))
        {
            yield return $"form {name} is used nowhere";
        }
    }
}

/// <summary>Free text has a token for each kind of file it lands in: raw only where nothing needs escaping.</summary>
internal sealed class FreeTextIsEncodedWhereItLands : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        foreach (var (name, symbol) in template.Symbols)
        {
            var raw = (string?)symbol["type"] == "parameter" ? (string?)symbol["datatype"] is not ("choice" or "integer") : (string?)symbol["valueTransform"] == "identity";
            var form = raw ? "identity" : (string?)template.Json["forms"]?[(string?)symbol["valueTransform"] ?? ""]?["identifier"];
            if ((string?)symbol["replaces"] is not { } token || form is not ("identity" or "xmlEncode" or "jsonEncode"))
            {
                continue;
            }

            foreach (var file in template.Files.Where(f => f is { IsText: true, CopyOnly: false } && f.Text.Contains(token, StringComparison.Ordinal)))
            {
                var fits = Path.GetExtension(file.Target) switch
                {
                    ".md" or "" => form == "identity",
                    ".json" => form == "jsonEncode",
                    ".props" or ".targets" or ".csproj" or ".slnx" or ".xml" => form == "xmlEncode",
                    _ => false,
                };
                if (!fits)
                {
                    yield return $"{file.Target} holds {token} (symbol {name}), which is not encoded for it";
                }
            }
        }
    }
}

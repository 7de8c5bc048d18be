using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests;

/// <summary>A template option as <c>dotnet new</c> offers it.</summary>
internal sealed record Option(string Name, string DataType, string Default, string Description, IReadOnlyList<string> Choices)
{
    /// <summary>Values worth trying: each choice; for a number its default and another, for free text its default and a hostile one.</summary>
    public IReadOnlyList<string> Values => Choices.Count > 0 ? Choices : [Default, DataType == "integer" ? "7" : "R&D \"Lab\" <a@b> \\ 100%"];
}

/// <summary>A template.json, read for what it declares.</summary>
internal sealed class TemplateDefinition
{
    public TemplateDefinition(string root, string folder)
    {
        Root = root;
        Folder = folder;
        Json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ".template.config", "template.json")))!.AsObject();
        ShortName = (string)Json["shortName"]!;
        Symbols = (Json["symbols"]?.AsObject() ?? []).ToDictionary(s => s.Key, s => s.Value!.AsObject());
        Sources = [.. (Json["sources"]?.AsArray() ?? []).Select(s => TemplateSource.Read(folder, s!))];
        Options =
        [
            .. Symbols.Where(s => (string?)s.Value["type"] == "parameter").Select(s => new Option(s.Key,
                (string?)s.Value["datatype"] ?? "string", (string?)s.Value["defaultValue"] ?? "", (string?)s.Value["description"] ?? "",
                [.. (s.Value["choices"]?.AsArray() ?? []).Select(c => (string)c!["choice"]!)])),
        ];
    }

    public string Root { get; }
    public string Folder { get; }
    public JsonObject Json { get; }
    public string ShortName { get; }
    public IReadOnlyDictionary<string, JsonObject> Symbols { get; }
    public IReadOnlyList<TemplateSource> Sources { get; }
    public IReadOnlyList<Option> Options { get; }

    /// <summary>The value of --engine that needs no native library, and that templates without the option amount to.</summary>
    public const string DefaultEngine = "builtin";

    /// <summary>What the template can compute with.</summary>
    public IReadOnlyList<string> Engines => Options.SingleOrDefault(o => o.Name == "engine")?.Choices ?? [DefaultEngine];

    /// <summary>Every condition in template.json, with the property that holds it.</summary>
    public IEnumerable<(string Where, string Condition)> Conditions => Find(Json, "template.json");

    private static IEnumerable<(string, string)> Find(JsonNode? node, string where) => node switch
    {
        JsonArray array => array.SelectMany((n, i) => Find(n, $"{where}[{i}]")),
        JsonObject o => o.SelectMany(p => p.Key is "condition" or "onlyIf" && p.Value is JsonValue v ? [(where, (string)v!)] : Find(p.Value, $"{where}.{p.Key}")),
        _ => [],
    };

    /// <summary>Every file that some choice of options lays down; a file that only a modifier leaves out is included.</summary>
    public IReadOnlyList<ComposedFile> Files => field ??=
    [
        .. Sources.SelectMany((source, i) =>
        {
            var include = source.Include.Select(p => new Glob(p)).ToList();
            var exclude = source.Exclude.Select(p => new Glob(p)).ToList();
            var copyOnly = source.CopyOnly.Select(p => new Glob(p)).ToList();
            return source.Paths
                .Where(p => include.Count == 0 || include.Any(g => g.Matches(p)))
                .Where(p => !exclude.Any(g => g.Matches(p)))
                .Select(p => new ComposedFile(i, Path.Combine(source.Folder, p), p, copyOnly.Any(g => g.Matches(p))));
        }),
    ];

    /// <summary>Every combination of the options' values.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Combinations()
    {
        IEnumerable<IReadOnlyDictionary<string, string>> all = [new Dictionary<string, string>()];
        foreach (var option in Options)
        {
            all = all.SelectMany(one => option.Values.Select(v => new Dictionary<string, string>(one) { [option.Name] = v }));
        }

        return all;
    }
}

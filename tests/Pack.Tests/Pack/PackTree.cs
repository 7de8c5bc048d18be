using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace MLPortfolio.PackTests;

/// <summary>A pack's repository on disk: its templates, their overlays and the version that the package carries.</summary>
internal sealed class PackTree(string root)
{
    /// <summary>The repository that these tests stand in.</summary>
    public static PackTree Here { get; } = new(FindRoot());

    public string Root => root;

    public string Version => XDocument.Load(Path.Combine(root, "TemplatePack.csproj")).Descendants("Version").Single().Value;

    /// <summary>Whether this run rewrites what the repository derives (manifests, the README's table, lists) instead of comparing it.</summary>
    public bool IsBeingWritten => this == Here && Environment.GetEnvironmentVariable("MLPORTFOLIO_WRITE") is not null;

    public IReadOnlyList<TemplateDefinition> Templates { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(root, "templates"))
            .Where(d => File.Exists(Path.Combine(d, ".template.config", "template.json")))
            .Order(StringComparer.Ordinal)
            .Select(d => new TemplateDefinition(root, d)),
    ];

    /// <summary>The templates that this run is asked for: all of them, or those that MLPORTFOLIO_TEMPLATE names, parted by commas.</summary>
    public IEnumerable<TemplateDefinition> Selected
    {
        get
        {
            var only = (Environment.GetEnvironmentVariable("MLPORTFOLIO_TEMPLATE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var unknown = only.Except(Templates.Select(t => t.ShortName)).ToList();
            return unknown.Count == 0 ? Templates.Where(t => only.Length == 0 || only.Contains(t.ShortName)) : throw new InvalidOperationException(
                $"no template is called '{unknown[0]}'; there are: {string.Join(", ", Templates.Select(t => t.ShortName))}");
        }
    }

    public TemplateDefinition Template(string shortName) => Templates.Single(t => t.ShortName == shortName);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TemplatePack.csproj")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("TemplatePack.csproj is in no folder above the tests");
        }

        return folder;
    }
}

/// <summary>One file that a template lays down: which source brings it, where it lands, and whether its text is left alone.</summary>
internal sealed record ComposedFile(int Source, string FullPath, string Target, bool CopyOnly)
{
    private static readonly string[] _binary = [".png", ".ico", ".safetensors", ".zip", ".gz", ".npy"];

    public bool IsText => !_binary.Contains(Path.GetExtension(Target));

    public string Text => File.ReadAllText(FullPath);
}

/// <summary>What a source leaves out under a condition.</summary>
internal sealed record SourceModifier(string Condition, IReadOnlyList<string> Exclude);

/// <summary>One entry of a template.json's <c>sources</c>.</summary>
internal sealed record TemplateSource(string Folder, string Source, string Condition, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude,
    IReadOnlyList<string> CopyOnly, IReadOnlyList<SourceModifier> Modifiers)
{
    /// <summary>Whether it is laid down only with an engine that is not the default.</summary>
    public bool IsOfAnotherEngine => Condition.Contains($"engine != \"{TemplateDefinition.DefaultEngine}\"", StringComparison.Ordinal);

    /// <summary>Whether this source leaves a path out whenever the other source is used.</summary>
    public bool Yields(string path, TemplateSource other) => Modifiers.Any(m =>
        Conjuncts(m.Condition).All(Conjuncts(other.Condition).Contains) && m.Exclude.Any(p => new Glob(p).Matches(path)));

    private static IEnumerable<string> Conjuncts(string condition) => condition.Trim().TrimStart('(').TrimEnd(')').Split("&&", StringSplitOptions.TrimEntries);

    /// <summary>Paths below the source folder, '/' separated; a source that only includes files by name is not searched.</summary>
    public IEnumerable<string> Paths => Include.Count > 0 && !Include.Any(p => p.Contains('*'))
        ? Include.Where(p => File.Exists(Path.Combine(Folder, p)))
        : !Directory.Exists(Folder) ? []
        : Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static TemplateSource Read(string templateFolder, JsonNode node) => new(
        Path.GetFullPath(Path.Combine(templateFolder, (string?)node["source"] ?? "./")),
        (string?)node["source"] ?? "./",
        (string?)node["condition"] ?? "",
        Patterns(node["include"]), Patterns(node["exclude"]), Patterns(node["copyOnly"]),
        [.. (node["modifiers"]?.AsArray() ?? []).Select(m => new SourceModifier((string?)m!["condition"] ?? "", Patterns(m["exclude"])))]);

    private static IReadOnlyList<string> Patterns(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select(p => (string)p!)],
        _ => [(string)node!],
    };
}

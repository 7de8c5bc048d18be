using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Verify;

/// <summary>
/// A product called like a type or a root namespace that its code writes without qualification would hide it: in
/// <c>namespace Corpus.Evaluation</c> the word Corpus is the namespace. The form wellKnown gives such names an underscore;
/// here its list is held against the built assemblies.
/// </summary>
[Trait("Level", "L2"), Collection(typeof(WholeMachine))]
public sealed partial class HiddenNamesTests(Hive hive)
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void A_name_that_would_hide_a_type_or_namespace_is_escaped(string template)
    {
        var repository = BuiltRepository.Of(hive, template).Built;
        var needed = NamesToEscape(repository).Order(StringComparer.Ordinal).ToList();
        var file = Path.Combine(PackTree.Here.Template(template).Folder, ".template.config", "template.json");
        var text = File.ReadAllText(file);
        if (PackTree.Here.IsBeingWritten)
        {
            text = WellKnown().Replace(text, m => m.Groups["before"].Value + string.Join('|', needed) + m.Groups["after"].Value);
            File.WriteAllText(file, text);
        }

        var escaped = WellKnown().Match(text).Groups["names"].Value.Split('|');
        Assert.Equal([], needed.Except(escaped));
        Assert.True(needed.Count > 50, "the assemblies were not read");
    }

    [Fact]
    public void A_type_that_only_its_constant_gives_away_is_found()
    {
        var words = Word().Matches("var area = Math.PI * r * r; [Fact] void F() { }").Select(m => m.Value).ToHashSet();
        Assert.Contains("Math", words.Where(PublicTypes(["System"]).Contains));
    }

    /// <summary>The list inside the pattern of the form wellKnown.</summary>
    [GeneratedRegex("""(?<before>"wellKnown": \{\s*"identifier": "replace",\s*"pattern": "[^"]*?\(\?=\(\?:)(?<names>[^)]*)(?<after>\))""")]
    private static partial Regex WellKnown();

    [GeneratedRegex(@"[\p{L}_]\w*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*(?:global )?using (?!static|var\b)(?:\w+ = )?(?<namespace>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex("""<Using Include="(?<namespace>[\w.]+)" />""")]
    private static partial Regex ProjectUsing();

    private static IEnumerable<string> NamesToEscape(GeneratedRepository repository)
    {
        var code = repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(repository.Read).ToList();
        var words = code.SelectMany(c => Word().Matches(c)).Select(m => m.Value).ToHashSet();
        var projects = repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(repository.Read);
        var imported = code.SelectMany(c => Using().Matches(c)).Concat(projects.SelectMany(p => ProjectUsing().Matches(p))).Select(m => m.Groups["namespace"].Value)
            .Concat(["System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic", "Xunit"]).ToHashSet();
        var types = new HashSet<string>(PublicTypes(imported));
        var roots = new HashSet<string> { "System", "Microsoft", "global" };
        if (repository.Template.Engines.Count > 1)
        {
            roots.UnionWith(["Torch", "TorchConfig", "TorchEngine", "TorchSharp"]);
        }

        foreach (var project in repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            roots.UnionWith(name.Split('.'));
            var folder = Path.Combine(repository.Folder, Path.GetDirectoryName(project)!, "bin");
            var assembly = Directory.GetFiles(folder, $"{repository.Namespace}.{name}.dll", SearchOption.AllDirectories).First();
            foreach (var (space, type) in Types(assembly))
            {
                roots.Add(space.Split('.')[0]);
                types.Add(type);
            }
        }

        roots.Remove("");
        roots.Remove(repository.Namespace);
        var written = types.Where(t => words.Contains(t) || (t.EndsWith("Attribute", StringComparison.Ordinal) && words.Contains(t[..^9])))
            .SelectMany(t => t.EndsWith("Attribute", StringComparison.Ordinal) ? new[] { t, t[..^9] } : [t]);
        return roots.Concat(written).Where(n => n.Length > 0).Distinct();
    }

    /// <summary>Top-level types that an assembly refers to or defines and that have no type parameters: a generic name cannot be taken for a namespace.</summary>
    private static IEnumerable<(string Namespace, string Name)> Types(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var references = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(t => t.ResolutionScope.Kind != HandleKind.TypeReference)
            .Select(t => (metadata.GetString(t.Namespace), metadata.GetString(t.Name)));
        var definitions = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(t => !t.IsNested)
            .Select(t => (metadata.GetString(t.Namespace), metadata.GetString(t.Name)));
        return references.Concat(definitions).Where(t => !t.Item2.Contains('`') && !t.Item2.StartsWith('<')).ToList();
    }

    /// <summary>Public non-generic types of the framework in some namespaces: a constant or a nameof leaves no reference in the assembly that uses it.</summary>
    private static HashSet<string> PublicTypes(IReadOnlyCollection<string> namespaces) =>
    [
        .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .SelectMany(Exported).Where(t => namespaces.Contains(t.Namespace)).Select(t => t.Name),
    ];

    private static IEnumerable<(string Namespace, string Name)> Exported(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        if (!file.HasMetadata)
        {
            return [];
        }

        var metadata = file.GetMetadataReader();
        return metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(t => (t.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public)
            .Select(t => (metadata.GetString(t.Namespace), metadata.GetString(t.Name)))
            .Where(t => !t.Item2.Contains('`')).ToList();
    }
}

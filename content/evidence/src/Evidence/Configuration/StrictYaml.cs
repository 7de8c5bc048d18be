using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PortfolioProject.Evidence;

/// <summary>
/// Reads YAML into <c>sealed record</c>s with <c>{ get; init; }</c> properties and snake_case keys. An unknown or duplicate key, a missing
/// <c>required</c> one, a mistyped value or one outside its <c>[Range]</c> is a <see cref="UserError"/> naming file, line and dotted key.
/// </summary>
public static class StrictYaml
{
    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Reads <paramref name="file"/>; an override "a.b=c" replaces one value (lists by index: "systems.0.name=x").</summary>
    public static T Read<T>(string file, IReadOnlyList<string>? overrides = null) =>
        Parse<T>(TextFile.Read(file, "Create it, or name another configuration"), file, overrides);

    public static T Parse<T>(string text, string file, IReadOnlyList<string>? overrides = null)
    {
        var origins = new Dictionary<YamlNode, string>(ReferenceEqualityComparer.Instance);
        var root = Load(text, file) ?? new YamlMappingNode();
        foreach (var change in overrides ?? []) Override(root, change, origins);
        return (T)new YamlBinder(file, origins).Bind(root, typeof(T), "")!;
    }

    /// <summary>JSON with sorted keys, no nulls and round-trip numbers: the text that a configuration's hash is taken over.</summary>
    public static string Canonical(object configuration) => CanonicalNode(configuration).ToJsonString();

    internal static JsonNode CanonicalNode(object configuration) => Sorted(JsonSerializer.SerializeToNode(configuration, Snake))!;

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static YamlNode? Load(string text, string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.FirstOrDefault()?.RootNode;
        }
        catch (YamlException e)
        {
            throw new UserError($"not valid YAML: {e.InnerException?.Message ?? e.Message}", file, (int)e.Start.Line, (int)e.Start.Column);
        }
    }

    private static void Override(YamlNode root, string change, Dictionary<YamlNode, string> origins)
    {
        var (origin, split, node) = ("--set " + change, change.IndexOf('='), root);
        if (split <= 0) throw new UserError("not an override", origin, expected: "key.key=value");
        var keys = change[..split].Split('.');
        for (var i = 0; i < keys.Length; i++)
        {
            var value = i < keys.Length - 1 ? null : Load(change[(split + 1)..], origin) ?? new YamlScalarNode("");
            foreach (var part in value?.AllNodes ?? []) origins[part] = origin;
            node = Step(node, keys[i], value, string.Join('.', keys[..(i + 1)]), origin, origins);
        }
    }

    /// <summary>Goes one key down, putting <paramref name="value"/> there if given; a key that is absent is made, so that binding judges it.</summary>
    private static YamlNode Step(YamlNode node, string key, YamlNode? value, string path, string origin, Dictionary<YamlNode, string> origins)
    {
        if (node is YamlSequenceNode { Children: var items })
            return int.TryParse(key, out var index) && index >= 0 && index < items.Count ? items[index] = value ?? items[index]
                : throw new UserError("no such list item", origin, field: path, expected: $"an index below {items.Count}", got: UserError.Quote(key));
        if (node is not YamlMappingNode { Children: var map }) throw new UserError("nothing lies below this key", origin, field: path);
        var name = map.Keys.FirstOrDefault(k => k is YamlScalarNode s && s.Value == key);
        if (name is not null && value is null) return map[name];
        if (name is null) origins[name = new YamlScalarNode(key)] = origin;
        if (value is null) origins[value = new YamlMappingNode()] = origin;
        return map[name] = value;
    }
}

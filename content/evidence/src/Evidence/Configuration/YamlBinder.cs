using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PortfolioProject.Evidence;

/// <summary>Binds YAML nodes to records by reflection; knows which nodes came from "--set", so that errors name their true origin.</summary>
internal sealed class YamlBinder(string file, IReadOnlyDictionary<YamlNode, string> origins)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly Dictionary<Type, (string Expected, Func<string, object?> Parse)> Scalars = new()
    {
        [typeof(bool)] = ("true or false", s => s is "true" or "false" ? s == "true" : null),
        [typeof(int)] = ("a whole number", s => int.TryParse(s, NumberStyles.AllowLeadingSign, Invariant, out var v) ? v : null),
        [typeof(long)] = ("a whole number", s => long.TryParse(s, NumberStyles.AllowLeadingSign, Invariant, out var v) ? v : null),
        [typeof(double)] = ("a finite number", s => double.TryParse(s, NumberStyles.Float, Invariant, out var v) && double.IsFinite(v) ? v : null),
        [typeof(DateOnly)] = ("a date as yyyy-MM-dd", s => DateOnly.TryParseExact(s, "yyyy-MM-dd", Invariant, DateTimeStyles.None, out var v) ? v : null),
    };

    public object? Bind(YamlNode node, Type type, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return IsNull(node) ? null : Bind(node, inner, path);
        var text = node is YamlScalarNode s && !IsNull(node) ? s : null;
        if (type == typeof(string)) return text?.Value ?? throw Mistyped(node, path, "text");
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().FirstOrDefault(v => text is not null && Fold(text.Value!) == Fold($"{v}"))
                ?? throw Mistyped(node, path, "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)));
        if (Scalars.TryGetValue(type, out var scalar))
            return (text?.Style is ScalarStyle.Plain ? scalar.Parse(text.Value!) : null) ?? throw Mistyped(node, path, scalar.Expected);
        var parts = type.IsGenericType ? type.GetGenericArguments() : [];
        if (parts.Length == 1 && typeof(IEnumerable).IsAssignableFrom(type))
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(parts))!;
            foreach (var child in node is YamlSequenceNode sequence ? sequence.Children : throw Mistyped(node, path, "a list"))
                list.Add(Bind(child, parts[0], $"{path}.{list.Count}"));
            return list;
        }

        if (parts.Length != 2) return BindRecord(node, type, path);
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(parts))!;
        foreach (var (key, child) in Entries(node, path)) dictionary.Add(key.Value!, Bind(child, parts[1], Join(path, key.Value!)));
        return dictionary;
    }

    private object BindRecord(YamlNode node, Type type, string path)
    {
        var (record, seen) = (Activator.CreateInstance(type)!, new HashSet<string>());
        var properties = type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        foreach (var (key, child) in Entries(node, path))
        {
            var name = Join(path, key.Value!);
            if (!properties.TryGetValue(key.Value!, out var property))
                throw Error(key, name, "unknown key", fix: ClosestName.Suggest(key.Value!, properties.Keys));
            var nullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            var value = nullable && IsNull(child) ? null : Bind(child, property.PropertyType, name);
            if (property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(value)) is { } broken)
                throw Error(child, name, broken.FormatErrorMessage(key.Value!), got: Describe(child));
            property.SetValue(record, value);
            seen.Add(key.Value!);
        }

        var missing = properties.FirstOrDefault(p => p.Value.IsDefined(typeof(RequiredMemberAttribute)) && !seen.Contains(p.Key)).Key;
        return missing is null ? record : throw Error(node, Join(path, missing), "required key is missing", fix: $"Add \"{missing}\"");
    }

    private IEnumerable<(YamlScalarNode Key, YamlNode Child)> Entries(YamlNode node, string path) =>
        IsNull(node) && path.Length == 0 ? []
        : (node as YamlMappingNode ?? throw Mistyped(node, path, "keys and values")).Children
            .Select(c => (c.Key as YamlScalarNode ?? throw Mistyped(c.Key, path, "a plain key"), c.Value));

    private UserError Mistyped(YamlNode node, string path, string expected) => Error(node, path, "wrong value", expected, Describe(node));

    private UserError Error(YamlNode node, string path, string problem, string? expected = null, string? got = null, string? fix = null) =>
        origins.TryGetValue(node, out var origin) ? new UserError(problem, origin, null, null, path, expected, got, fix)
            : new UserError(problem, file, (int)node.Start.Line, (int)node.Start.Column, path, expected, got, fix);

    private static string Describe(YamlNode node) => node is YamlSequenceNode ? "a list" : node is YamlMappingNode ? "keys and values"
        : IsNull(node) ? "nothing" : UserError.Quote(((YamlScalarNode)node).Value);

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

    private static string Fold(string name) => name.Replace("-", "").Replace("_", "").ToLowerInvariant();

    private static string Join(string path, string key) => path.Length == 0 ? key : path + "." + key;
}

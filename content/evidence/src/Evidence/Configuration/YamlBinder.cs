using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
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
        [typeof(decimal)] = ("a number", s => decimal.TryParse(s, NumberStyles.Float, Invariant, out var v) ? v : null),
        [typeof(DateOnly)] = ("a date as yyyy-MM-dd", s => DateOnly.TryParseExact(s, "yyyy-MM-dd", Invariant, DateTimeStyles.None, out var v) ? v : null),
    };

    public object? Bind(YamlNode node, Type type, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return IsNull(node) ? null : Bind(node, inner, path);
        if (type == typeof(string))
            return node is YamlScalarNode text && !IsNull(node) ? text.Value : throw Mistyped(node, path, "text");
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().FirstOrDefault(v => node is YamlScalarNode s && Fold(s.Value) == Fold(v.ToString()))
                ?? throw Mistyped(node, path, "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)));
        if (Scalars.TryGetValue(type, out var scalar))
            return (node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } s ? scalar.Parse(s.Value ?? "") : null)
                ?? throw Mistyped(node, path, scalar.Expected);
        var parts = type.IsGenericType ? type.GetGenericArguments() : [];
        if (parts.Length == 1 && typeof(IEnumerable).IsAssignableFrom(type))
            return BindList(node, parts[0], path);
        return parts.Length == 2 && parts[0] == typeof(string) ? BindDictionary(node, parts[1], path) : BindRecord(node, type, path);
    }

    private IList BindList(YamlNode node, Type item, string path)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var child in node is YamlSequenceNode sequence ? sequence.Children : throw Mistyped(node, path, "a list"))
            list.Add(Bind(child, item, $"{path}.{list.Count}"));
        return list;
    }

    private IDictionary BindDictionary(YamlNode node, Type item, string path)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), item))!;
        foreach (var (key, child) in Entries(node, path))
            dictionary.Add(key.Value!, Bind(child, item, Join(path, key.Value!)));
        return dictionary;
    }

    private object BindRecord(YamlNode node, Type type, string path)
    {
        var properties = type.GetProperties().Where(p => p.SetMethod is { IsPublic: true })
            .ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        var record = Activator.CreateInstance(type)!;
        var seen = new HashSet<string>();
        foreach (var (key, child) in Entries(node, path))
        {
            var name = key.Value!;
            if (!properties.TryGetValue(name, out var property))
                throw Error(key, Join(path, name), "unknown key", null, null, ClosestName.Suggest(name, properties.Keys));
            var nullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            var value = nullable && IsNull(child) ? null : Bind(child, property.PropertyType, Join(path, name));
            if (property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(value)) is { } broken)
                throw Error(child, Join(path, name), broken.FormatErrorMessage(name), null, Describe(child), null);
            property.SetValue(record, value);
            seen.Add(name);
        }

        var missing = properties.FirstOrDefault(p => p.Value.IsDefined(typeof(RequiredMemberAttribute)) && !seen.Contains(p.Key)).Key;
        return missing is null ? record : throw Error(node, Join(path, missing), "required key is missing", null, null, $"Add \"{missing}\"");
    }

    private IEnumerable<(YamlScalarNode Key, YamlNode Child)> Entries(YamlNode node, string path)
    {
        if (IsNull(node) && path.Length == 0)
            yield break;
        foreach (var (key, child) in node is YamlMappingNode map ? map.Children : throw Mistyped(node, path, "keys and values"))
            yield return (key as YamlScalarNode ?? throw Mistyped(key, path, "a plain key"), child);
    }

    private UserError Mistyped(YamlNode node, string path, string expected) => Error(node, path, "wrong value", expected, Describe(node), null);

    private UserError Error(YamlNode node, string path, string problem, string? expected, string? got, string? fix) =>
        origins.TryGetValue(node, out var origin)
            ? new UserError(problem, origin, null, null, path, expected, got, fix)
            : new UserError(problem, file, (int)node.Start.Line, (int)node.Start.Column, path, expected, got, fix);

    private static string Describe(YamlNode node) => node switch
    {
        YamlSequenceNode => "a list",
        YamlMappingNode => "keys and values",
        _ => IsNull(node) ? "nothing" : UserError.Quote(((YamlScalarNode)node).Value),
    };

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

    private static string Fold(string? name) => (name ?? "").Replace("-", "").Replace("_", "").ToLowerInvariant();

    private static string Join(string path, string key) => path.Length == 0 ? key : path + "." + key;
}

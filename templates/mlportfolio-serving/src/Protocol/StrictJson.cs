using System.Text.Unicode;

namespace PortfolioProject.Protocol;

/// <summary>One object of a JSON body and its place there: a member that is unknown, repeated, missing or of another kind than expected is a <see cref="ProtocolException"/>.</summary>
internal readonly struct StrictJson
{
    /// <summary>The deepest request of the protocol has five levels.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    private readonly JsonElement _value;
    private readonly string _path;

    /// <param name="path">Empty: the body itself.</param>
    /// <param name="names">All that the object may hold, at most 32.</param>
    public StrictJson(JsonElement value, string path, params ReadOnlySpan<string> names)
    {
        var here = path.Length == 0 ? "body" : path;
        (_value, _path) = (Check(value, JsonValueKind.Object, here), path);
        var seen = 0;
        foreach (var member in value.EnumerateObject())
        {
            var index = names.Length - 1;
            while (index >= 0 && !member.NameEquals(names[index])) index--;
            if (index < 0) throw ProtocolException.Bad(here, "unknown field", $"only {string.Join(", ", names)}", "another name");
            if ((seen & (1 << index)) != 0) throw ProtocolException.Bad(Place(names[index]), "duplicate field", "one", "two");
            seen |= 1 << index;
        }
    }

    /// <summary>The one JSON value that a body holds, to be disposed of.</summary>
    public static JsonDocument Open(ReadOnlyMemory<byte> text) =>
        text.IsEmpty ? throw ProtocolException.Bad("body", "empty", "a JSON object", "no bytes")
        : Utf8.IsValid(text.Span) ? JsonDocument.Parse(text, Options) : throw ProtocolException.Bad("body", "not UTF-8", "JSON in UTF-8", "invalid bytes");

    public static JsonElement Check(JsonElement value, JsonValueKind kind, string place) =>
        value.ValueKind == kind ? value : throw ProtocolException.Bad(place, "wrong type", NameOf(kind), NameOf(value.ValueKind));

    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null or nothing",
    };

    /// <summary>The fault in the caller's words; null: it is ours.</summary>
    public static ProtocolException? Explain(Exception e) => e switch
    {
        ProtocolException known => known,
        JsonException fault => ProtocolException.Bad("body", "not valid JSON, or nested too deep", "one JSON object", $"a fault in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}"),
        InvalidOperationException => ProtocolException.Bad("body", "a string is not text", "Unicode", "an unpaired surrogate"),
        _ => null,
    };

    public bool Has(string name) => _value.TryGetProperty(name, out _);

    public JsonElement Get(string name, JsonValueKind kind) =>
        _value.TryGetProperty(name, out var value) ? Check(value, kind, Place(name)) : throw ProtocolException.Bad(Place(name), "missing field", "the field", "nothing");

    public string Text(string name) => Get(name, JsonValueKind.String).GetString()!;

    /// <summary>A string that can only be this one.</summary>
    public void Constant(string name, string expected)
    {
        if (!Get(name, JsonValueKind.String).ValueEquals(expected)) throw ProtocolException.Bad(Place(name), "wrong value", expected, "another text");
    }

    /// <summary>What the member "parameters" says of this; null: nothing. Parameters of other names are let pass.</summary>
    public bool? Flag(string name) => Parameter(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        _ => throw ProtocolException.Bad($"{Place("parameters")}.{name}", "wrong value", "true or false", "something else"),
    };

    /// <summary>Likewise.</summary>
    public long? Size(string name) => Parameter(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var size) && size >= 0 ? size
        : throw ProtocolException.Bad($"{Place("parameters")}.{name}", "wrong value", "a number of bytes", "something else");

    private JsonElement? Parameter(string name)
    {
        if (!Has("parameters")) return null;
        var (place, names, found) = (Place("parameters"), new HashSet<string>(), (JsonElement?)null);
        foreach (var member in Get("parameters", JsonValueKind.Object).EnumerateObject())
        {
            if (!names.Add(member.Name)) throw ProtocolException.Bad(place, "duplicate parameter", "each name once", "one again");
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
                throw ProtocolException.Bad(place, "not a parameter", "a string, a number or a boolean", NameOf(member.Value.ValueKind));
            if (member.NameEquals(name)) found = member.Value;
        }

        return found;
    }

    private string Place(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}

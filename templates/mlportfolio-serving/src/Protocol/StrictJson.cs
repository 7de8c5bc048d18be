using System.Text.Unicode;

namespace PortfolioProject.Protocol;

/// <summary>Steps of a strict reading of JSON: what is not there as expected is a <see cref="ProtocolException"/>.</summary>
internal static class StrictJson
{
    /// <summary>The deepest request of the protocol has five levels.</summary>
    private const int MaxDepth = 8;

    /// <summary>Enters the one object that a body holds; read once more after its end, so that nothing but white space follows.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) throw ProtocolException.Bad("body", "empty", "a JSON object", "no bytes");
        if (!Utf8.IsValid(text)) throw ProtocolException.Bad("body", "not UTF-8", "JSON in UTF-8", "invalid bytes");
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        Enter(ref json, JsonTokenType.StartObject, "body");
        return json;
    }

    /// <summary>Steps to the next token, which has to be of this kind.</summary>
    public static void Enter(ref Utf8JsonReader json, JsonTokenType kind, string field)
    {
        json.Read();
        Check(ref json, kind, field);
    }

    public static void Check(ref Utf8JsonReader json, JsonTokenType kind, string field)
    {
        if (json.TokenType != kind) throw ProtocolException.Bad(field, "wrong type", NameOf(kind), NameOf(json.TokenType));
    }

    public static string Text(ref Utf8JsonReader json, string field)
    {
        Enter(ref json, JsonTokenType.String, field);
        return json.GetString()!;
    }

    /// <summary>A string that can only be this one.</summary>
    public static void Constant(ref Utf8JsonReader json, string field, string expected)
    {
        Enter(ref json, JsonTokenType.String, field);
        if (!json.ValueTextEquals(expected)) throw ProtocolException.Bad(field, "wrong value", expected, "another text");
    }

    /// <summary>The fault in the caller's words; null: it is ours.</summary>
    public static ProtocolException? Explain(Exception e) => e switch
    {
        ProtocolException known => known,
        JsonException fault => ProtocolException.Bad("body", "not valid JSON, or nested too deep", "one JSON object", $"a fault in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}"),
        InvalidOperationException => ProtocolException.Bad("body", "a string is not text", "Unicode", "an unpaired surrogate"),
        _ => null,
    };

    public static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null or nothing",
    };
}

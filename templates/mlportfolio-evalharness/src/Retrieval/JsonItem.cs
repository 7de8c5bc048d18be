namespace PortfolioProject.Retrieval;

/// <summary>A JSON value that knows where it stands: whatever is missing or mistyped is a <see cref="UserError"/> with file, line and field.</summary>
public readonly record struct JsonItem(string File, int? Line, string Field, JsonElement Json)
{
    /// <summary>The values of a JSON Lines file; blank lines are skipped.</summary>
    public static IEnumerable<JsonItem> ReadLines(string file) => SourceText.Lines(file).Select(l => Parse(file, l.Number, l.Line));

    /// <summary>The same with their ids, which must be unique; an empty file is an error.</summary>
    public static IReadOnlyList<(string Id, JsonItem Item)> ReadLines(string file, string idField)
    {
        var items = new OrderedDictionary<string, JsonItem>(StringComparer.Ordinal);
        foreach (var item in ReadLines(file))
            if (item[idField].Id is var id && !items.TryAdd(id, item))
                throw new UserError("an id appears twice", file, item.Line, field: idField, expected: "unique ids", got: $"\"{id}\", as on line {items[id].Line}");
        return items.Count > 0 ? [.. items.Select(i => (i.Key, i.Value))] : throw new UserError("the file is empty", file, expected: "a JSON object a line", got: "nothing");
    }

    public static JsonItem ReadWhole(string file) => Parse(file, null, SourceText.Read(file));

    public JsonItem this[string name] => Optional(name) ?? throw new UserError("a field is missing", File, Line, field: At(name), expected: $"a field \"{name}\"", got: "none");

    /// <summary>Text that holds more than white space.</summary>
    public string Words => !string.IsNullOrWhiteSpace(Text) ? Text : throw Wrong("a text that is not empty");

    public string Text => Json.ValueKind == JsonValueKind.String ? Decode() : throw Wrong("a text");

    /// <summary>A name: text, or a number as it is written.</summary>
    public string Id => Json.ValueKind == JsonValueKind.Number ? Json.GetRawText() : Words;

    public int Number => Json.ValueKind == JsonValueKind.Number && Json.TryGetInt32(out var number) ? number : throw Wrong("a whole number");

    public bool Flag => Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Json.GetBoolean() : throw Wrong("true or false");

    public IEnumerable<JsonItem> Items => Json.ValueKind == JsonValueKind.Array ? Elements(this) : throw Wrong("a list");

    /// <summary>Null when the field is absent or null.</summary>
    public JsonItem? Optional(string name) => Json.ValueKind != JsonValueKind.Object ? throw Wrong("a JSON object")
        : Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? this with { Field = At(name), Json = value } : null;

    public UserError Wrong(string expected) => new("a value is not usable", File, Line, field: Field, expected: expected, got: UserError.Quote(Json.GetRawText()));

    private string At(string name) => Field.Length > 0 ? $"{Field}.{name}" : name;

    private static IEnumerable<JsonItem> Elements(JsonItem list) => list.Json.EnumerateArray().Select((e, i) => list with { Field = $"{list.Field}[{i}]", Json = e });

    private string Decode()
    {
        try { return Json.GetString()!; }
        catch (InvalidOperationException) { throw Wrong("Unicode text, without a lone surrogate"); }
    }

    private static JsonItem Parse(string file, int? line, string json)
    {
        try { return new(file, line, "", JsonDocument.Parse(json).RootElement); }
        catch (JsonException e)
        {
            throw new UserError("not JSON", file, line ?? (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, expected: "a JSON object", got: e.Message.Split(" LineNumber:")[0]);
        }
    }
}

using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;

namespace PortfolioProject.Evidence;

/// <summary>The one JSON dialect of runs: camelCase, nulls left out, shortest round-trip numbers, "\n".</summary>
[JsonSerializable(typeof(CaseRecord))]
[JsonSerializable(typeof(TimingRecord))]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(MetricTable))]
[JsonSerializable(typeof(MetricRow))]
[JsonSerializable(typeof(LatencyTable))]
[JsonSerializable(typeof(ComparedPair[]))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(CheckRow[]))]
[JsonSerializable(typeof(TemplateInfo))]
internal sealed partial class RunJson : JsonSerializerContext
{
    private static readonly RunJson Lines = new(Dialect(false)), Pages = new(Dialect(true));

    /// <summary>One line, no newline at its end.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Type<T>(Lines));

    /// <summary>Indented, with a newline at its end.</summary>
    public static string Page<T>(T value) => JsonSerializer.Serialize(value, Type<T>(Pages)) + "\n";

    public static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Type<T>(Lines))!;

    public static T Read<T>(string file) => Parse<T>(TextFile.Read(file), file);

    public static T Parse<T>(string json, string file, int? line = null)
    {
        try { return JsonSerializer.Deserialize(json, Type<T>(Lines)) ?? throw new JsonException("null is no record"); }
        catch (JsonException e)
        {
            throw new UserError("not a valid record", file, line ?? (int?)e.LineNumber + 1, field: e.Path is "$" ? null : e.Path,
                got: UserError.Quote(json.Trim()), fix: e.Message.Split(" Path:")[0]);
        }
    }

    private static JsonTypeInfo<T> Type<T>(RunJson context) => (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!;

    private static JsonSerializerOptions Dialect(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<Direction>(JsonNamingPolicy.CamelCase), new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase) },
    };
}

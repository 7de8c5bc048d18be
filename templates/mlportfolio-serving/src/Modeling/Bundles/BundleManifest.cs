namespace PortfolioProject.Modeling;

/// <summary>Training counts of one feature: Counts[0] is (−∞, e₀], Counts[i] is (eᵢ₋₁, eᵢ], the last is (e_last, ∞); one count more than edges.</summary>
public sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts);

/// <summary>One input column in its own unit. Min, Max and the histogram are of the training rows.</summary>
public sealed record FeatureColumn(string Name, double Min, double Max, double Offset, double Scale, Histogram Histogram)
{
    /// <summary>
    /// A standardised value among n rows is at most √(n − 1), so up to a million training rows none is cut; a request with an absurd value
    /// then still gives finite logits.
    /// </summary>
    public const double Limit = 1000;

    /// <summary>What the model sees: x' = (x − Offset) / Scale in double, kept within ±<see cref="Limit"/>, then float.</summary>
    public float Scaled(float raw) => (float)Math.Clamp((raw - Offset) / Scale, -Limit, Limit);

    /// <summary>Identifies the preprocessing; see <see cref="BundleManifest"/>.</summary>
    public static string Sha256(IEnumerable<FeatureColumn> features) =>
        TextFile.Sha256(string.Concat(features.Select(f => $"{f.Name}\0{BitConverter.DoubleToInt64Bits(f.Offset):x16}{BitConverter.DoubleToInt64Bits(f.Scale):x16}")));
}

/// <summary>A tensor as the Open Inference Protocol describes it; −1 in the shape is any length.</summary>
public sealed record TensorSpec(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>A raw input row with the probabilities that the model gave when it was packaged.</summary>
public sealed record GoldenRow(IReadOnlyList<float> Features, IReadOnlyList<float> Probabilities);

/// <summary>manifest.json: all that serving, monitoring and the dashboard know about a model.</summary>
/// <param name="Format">Version of this format: <see cref="CurrentFormat"/>.</param>
/// <param name="Temperature">Fitted on validation rows and already folded into the weights of the last layer.</param>
/// <param name="PreprocessingSha256">SHA-256 over each feature's UTF-8 name, a zero byte, and the bits of offset and scale in 16 hexadecimal digits each.</param>
/// <param name="Files">SHA-256 of every other file of the bundle.</param>
public sealed record BundleManifest(int Format, string Name, string Version, DateTimeOffset Created, string Engine, string Architecture,
    IReadOnlyList<FeatureColumn> Features, IReadOnlyList<string> Classes,
    double Temperature, string PreprocessingSha256, DataFile Data, int TrainingRows, string? Commit, long Seed,
    IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<GoldenRow> Golden, IReadOnlyDictionary<string, string> Files)
{
    public const int CurrentFormat = 1;
    public const string FileName = "manifest.json", WeightsFile = "weights.safetensors", CardFile = "MODEL_CARD.md";

    /// <summary>The same columns go in and the same classes come out: clients of one may be answered by the other.</summary>
    public bool AnswersLike(BundleManifest other) => Features.Select(f => f.Name).SequenceEqual(other.Features.Select(f => f.Name)) && Classes.SequenceEqual(other.Classes);

    public IReadOnlyList<TensorSpec> Inputs => [new("features", "FP32", [-1, Features.Count])];

    /// <summary>Probabilities in the order of the classes, and the name of the likeliest class.</summary>
    public IReadOnlyList<TensorSpec> Outputs => [new("probabilities", "FP32", [-1, Classes.Count]), new("label", "BYTES", [-1])];
}

/// <summary>The JSON of bundles and of the promotion log: camelCase, shortest round-trip numbers, "\n".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NewLine = "\n", RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(Promotion))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    public static ModelJson Lines => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static ModelJson Pages => field ??= new(new JsonSerializerOptions(Lines.Options) { WriteIndented = true });

    /// <summary>Reads a record; a broken one is a <see cref="UserError"/> with file, line and field.</summary>
    public static T Parse<T>(string json, JsonTypeInfo<T> type, string problem, string file, int? line = null)
    {
        try { return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null is no record"); }
        catch (JsonException e) { throw new UserError(problem, file, line ?? (int?)e.LineNumber + 1, field: e.Path is "$" ? null : e.Path, fix: e.Message.Split(" Path:")[0]); }
    }
}

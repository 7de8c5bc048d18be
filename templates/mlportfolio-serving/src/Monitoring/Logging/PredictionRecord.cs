namespace PortfolioProject.Monitoring;

/// <summary>One answered request. Id: its version 7 GUID, which carries the time. Role: stable, canary or named. Cluster: whose requests belong together (a hashed sticky key), if known.</summary>
public readonly record struct PredictionOutcome(Guid Id, DateTimeOffset At, string Version, string Role, string? Cluster = null);

/// <summary>A line of the prediction log. Labels and Confidence (the probability of that label) have one entry a row; Inputs are the rows as little-endian floats, if they are kept.</summary>
public sealed record PredictionRecord(Guid Id, DateTimeOffset At, string Version, string Role, string[] Labels, double[] Confidence,
    string? Cluster = null, byte[]? Inputs = null, string? Sha256 = null);

/// <summary>Names one row of a request: the request's id, followed by "." and the row's number when it is not the first.</summary>
public readonly record struct PredictionId(Guid Request, int Row)
{
    // The year 9000: later times leave no room to add to.
    private const long Latest = 221845392000000;

    public static bool TryParse(string? text, out PredictionId id)
    {
        var (dot, row) = (text?.IndexOf('.') ?? -1, 0);
        var valid = Guid.TryParseExact(dot < 0 ? text : text![..dot], "D", out var request) && (dot < 0 || int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, null, out row));
        id = new PredictionId(request, row);
        return valid;
    }

    /// <summary>When the request came, to the millisecond.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Latest, Convert.ToInt64(Request.ToString("N")[..12], 16)));

    public override string ToString() => Row == 0 ? $"{Request}" : $"{Request}.{Row}";
}

/// <summary>The JSON of the logs: one line a record, camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PredictionRecord))]
[JsonSerializable(typeof(FeedbackEntry))]
internal sealed partial class LogJson : JsonSerializerContext;

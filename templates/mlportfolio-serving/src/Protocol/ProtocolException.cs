namespace PortfolioProject.Protocol;

/// <summary>
/// A request that is not answered: an HTTP status and a message that names field, expected and got. The message never repeats a value, a name
/// or a text that the caller sent; kinds and counts only.
/// </summary>
public sealed class ProtocolException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Seconds until the caller may try again; null: trying again does not help, or nobody knows.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The feature whose value is missing (null in JSON, NaN in binary); null: another fault.</summary>
    public int? MissingFeature { get; init; }

    public static ProtocolException Bad(string field, string problem, string expected, string got, int status = 400, int? missing = null) =>
        new(status, $"{field}: {problem}; expected {expected}, got {got}") { MissingFeature = missing };
}

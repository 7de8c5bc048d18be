namespace PortfolioProject.Protocol;

/// <summary>What a request may ask for at most.</summary>
/// <param name="Rows">Rows in one request.</param>
public sealed record ProtocolLimits(int Rows = 4096);

/// <summary>
/// A request that is not answered: an HTTP status and a message that names field, expected and got. The message never repeats a value, a name
/// or a text that the caller sent; kinds and counts only.
/// </summary>
public sealed class ProtocolException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Seconds until the caller may try again; null: trying again does not help, or nobody knows.</summary>
    public int? RetryAfter { get; init; }

    public static ProtocolException Bad(string field, string problem, string expected, string got, int status = 400) => new(status, $"{field}: {problem}; expected {expected}, got {got}");
}

namespace PortfolioProject.Protocol;

/// <summary>What a request may ask for at most.</summary>
/// <param name="Rows">Rows in one request.</param>
public sealed record ProtocolLimits(int Rows = 4096);

/// <summary>
/// A request that cannot be answered: an HTTP status (400, or 413 for one that is too large) and a message that names field, expected and got.
/// The message never repeats a value, a name or a text that the caller sent; kinds and counts only.
/// </summary>
public sealed class ProtocolException(int status, string field, string problem, string? expected = null, string? got = null)
    : Exception($"{field}: {problem}{(expected is null ? "" : "; expected " + expected)}{(got is null ? "" : ", got " + got)}")
{
    public int Status { get; } = status;

    internal static ProtocolException Bad(string field, string problem, string? expected = null, string? got = null) => new(400, field, problem, expected, got);
}

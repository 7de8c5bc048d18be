namespace PortfolioProject.Models;

/// <summary>Rejected: the request itself (4xx), not tried again. Malformed: an answer that is not the protocol's JSON.</summary>
public enum FailureKind { RateLimited, Server, Timeout, Connection, Malformed, Rejected }

/// <summary>A call that gave no answer within its tries: the case at hand is an infrastructure error, and the run goes on.</summary>
/// <param name="status">HTTP status; 0 when none arrived.</param>
/// <param name="retryAfter">How long the endpoint asked to be left alone.</param>
public sealed class ModelCallException(FailureKind kind, string detail, int status = 0, TimeSpan? retryAfter = null, int tries = 1)
    : ServiceException($"{kind} after {tries} {(tries == 1 ? "try" : "tries")}: {detail}")
{
    public FailureKind Kind => kind;
    public int Status => status;
    public int Tries => tries;
    internal TimeSpan? RetryAfter => retryAfter;
    /// <param name="status">HTTP status; null when none arrived.</param>
    /// <param name="broken">Whether the line failed, and not what came over it.</param>
    /// <param name="detail">Without any key.</param>
    /// <param name="retryAfter">The header of that name: seconds, or a date; one that has passed asks for nothing.</param>
    internal static ModelCallException Of(int? status, bool broken, string detail, string? retryAfter)
    {
        var kind = status switch
        {
            null => broken ? FailureKind.Connection : FailureKind.Malformed,
            429 => FailureKind.RateLimited,
            408 or 409 or >= 500 => FailureKind.Server,
            _ => FailureKind.Rejected,
        };
        return new(kind, detail, status ?? 0, RetryConditionHeaderValue.TryParse(retryAfter, out var after) ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null);
    }

    /// <summary>As a case holds it.</summary>
    internal ModelCall ToCall() => new(null, Message, Retries: tries - 1);

    internal ModelCallException After(int count) => new(kind, detail, status, retryAfter, count);
}

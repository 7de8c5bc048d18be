namespace PortfolioProject.Models;

/// <summary>Rejected: the request itself (4xx), not tried again. Malformed: an answer that is not the protocol's JSON.</summary>
public enum FailureKind { RateLimited, Server, Timeout, Connection, Malformed, Rejected }

/// <summary>A call that gave no answer within its tries: the case at hand is an infrastructure error, and the run goes on.</summary>
/// <param name="status">HTTP status; 0 when none arrived.</param>
/// <param name="retryAfter">How long the endpoint asked to be left alone.</param>
public sealed class ModelCallException(FailureKind kind, string detail, int status = 0, TimeSpan? retryAfter = null, int tries = 1)
    : Exception($"{kind} after {tries} {(tries == 1 ? "try" : "tries")}: {detail}")
{
    public FailureKind Kind => kind;
    public int Status => status;
    public int Tries => tries;
    internal TimeSpan? RetryAfter => retryAfter;
    internal ModelCallException After(int count) => new(kind, detail, status, retryAfter, count);
}

namespace PortfolioProject.Evidence;

public enum Severity { Error, Warning, Info }

/// <summary>Something that a check saw, and where.</summary>
public sealed record Finding(Severity Severity, string Where, string Message);

/// <summary>One of a template's own checks: it returns what it found, nothing when all is well.</summary>
public sealed record Check(string Name, Func<IReadOnlyList<Finding>> Run);

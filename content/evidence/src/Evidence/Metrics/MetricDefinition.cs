namespace PortfolioProject.Evidence;

/// <summary>Which way is better.</summary>
public enum Direction { Higher, Lower, None }

/// <summary>How a metric's interval is taken.</summary>
public enum IntervalMethod { ClusterBootstrap, TOverSeeds, Wilson }

/// <summary>
/// What a metric means: its name in records, title, unit, good direction, the rule of its denominator ("all judged questions") and its
/// definition in words. A headline metric leads tables and is sliced.
/// </summary>
public sealed record MetricDefinition(string Name, string Title, string Unit, Direction Direction, string Denominator, string Definition)
{
    public IntervalMethod Method { get; init; } = IntervalMethod.ClusterBootstrap;
    public bool Headline { get; init; }
}

/// <summary>An interval with the method that gave it.</summary>
public sealed record Interval(double Low, double High, string Method, double Level = 0.95);

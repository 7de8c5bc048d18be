namespace PortfolioProject.Evidence;

/// <summary>What a command's end says to a script: the process exit codes of every verb.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done and holds.</summary>
    Pass = 0,

    /// <summary>A gate failed, or a published claim does not follow from its evidence.</summary>
    Regression = 1,

    /// <summary>Wrong usage, configuration or data.</summary>
    Usage = 2,

    /// <summary>The data cannot tell: more cases are needed.</summary>
    Inconclusive = 3,

    /// <summary>Infrastructure failed, or the work is unfinished.</summary>
    Incomplete = 4,
}

namespace PortfolioProject.Evidence;

/// <summary>
/// What a command's end says to a script. Pass: everything asked for was done and holds. Regression: a gate failed, or a published claim does
/// not follow from its evidence. Usage: wrong usage, configuration or data. Inconclusive: the data cannot tell, more cases are needed.
/// Incomplete: infrastructure failed, or the work is unfinished.
/// </summary>
public enum ExitCode { Pass = 0, Regression = 1, Usage = 2, Inconclusive = 3, Incomplete = 4 }

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>One way to break a generated repository, and what has to notice it.</summary>
/// <param name="Template">The template, without the prefix that all have.</param>
/// <param name="What">What is broken, as the table says it.</param>
/// <param name="Break">Breaks it.</param>
/// <param name="Probe">What a person or CI runs.</param>
/// <param name="Says">Words that the finding has to hold: a check that is red for another reason has caught nothing.</param>
internal sealed record Sabotage(string Template, string What, Action<Victim> Break, Probe Probe, string Says)
{
    public string ShortName => $"mlportfolio-{Template}";

    /// <summary>Every sabotage of the templates that this run is asked for.</summary>
    public static IReadOnlyList<Sabotage> All { get; } =
    [
        .. EverywhereSabotage.All, .. EvalHarnessSabotage.All, .. ServingSabotage.All, .. ReplicationSabotage.All, .. DataCentricSabotage.All,
    ];

    public static IReadOnlyList<Sabotage> Of(string template) => [.. All.Where(s => s.ShortName == template)];
}

/// <summary>What came of a sabotage: the exit code, and who noticed it in which words.</summary>
internal sealed record Outcome(Sabotage Sabotage, Finished Run)
{
    /// <summary>The line that holds the words asked for, or null.</summary>
    public string? Line { get; } = Run.All.Split('\n').FirstOrDefault(l => l.Contains(Sabotage.Says, StringComparison.Ordinal))?.Trim();

    public bool IsCaught => Run.ExitCode == Sabotage.Probe.Exit && Line is not null;

    /// <summary>The command and, where it says so, which of its checks or tests.</summary>
    public string Catcher => Sabotage.Probe.Catcher(Run, Line);
}

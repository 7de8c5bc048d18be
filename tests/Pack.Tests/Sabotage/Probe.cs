using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>A command that has to go red, with the exit code that it has to end with.</summary>
/// <param name="Builds">Projects whose code was broken and that have to be built before the command runs; none where data or text was.</param>
internal sealed partial record Probe(int Exit, Func<Victim, Finished> Run, Func<Finished, string?, string> Catcher, params string[] Builds)
{
    /// <summary>A row of what `check` prints: its name, then two spaces.</summary>
    [GeneratedRegex(@"^(?<name>\S+(?: \S+)*)  +(?:error|FAIL)\b")]
    private static partial Regex Row();

    [GeneratedRegex(@"^(?<test>[\w.]+)(?:\(.*\))? \[FAIL\]")]
    private static partial Regex FailedTest();

    public static Probe Check(params string[] builds) =>
        new(1, v => v.Cli("check"), (_, line) => line is not null && Row().Match(line) is { Success: true } row ? $"`check`: {row.Groups["name"].Value}" : "`check`", builds);

    /// <summary>Any verb of the command line.</summary>
    public static Probe Cli(int exit, params string[] verb) => new(exit, v => v.Cli(verb), (_, _) => $"`{verb[0]}`");

    /// <summary>One class of a test project.</summary>
    public static Probe Test(string project, string type) => new(1, v => v.Test(project, type), (_, line) => $"`dotnet test`: {FailedTest().Match(line ?? "").Groups["test"].Value.Split('.')[^1].Replace('_', ' ')}");

    public static Probe Restore { get; } = new(1, v => v.Dotnet("restore", "--locked-mode"), (_, _) => "`dotnet restore --locked-mode`");

    /// <summary>The same after code was changed: the command's own project is built anew.</summary>
    public Probe Building(params string[] projects) => this with { Builds = projects };
}

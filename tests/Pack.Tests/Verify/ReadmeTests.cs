using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Verify;

/// <summary>The commands of a generated README, executed as they stand: every ```bash fence, in order, in the repository. What serves until Ctrl-C is sent one.</summary>
[Trait("Level", "L3"), Collection(typeof(WholeMachine))]
public sealed partial class ReadmeTests(Hive hive)
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [GeneratedRegex(@"^```bash\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s+at [\w.<>`]+\(.*\)|Unhandled exception|^error\b", RegexOptions.Multiline)]
    private static partial Regex Trouble();

    [Theory, MemberData(nameof(Templates))]
    public void Every_command_of_the_readme_works_as_it_stands(string template) => RunCommands(BuiltRepository.Of(hive, template).Built);

    /// <summary>Runs them all in a built repository.</summary>
    internal static void RunCommands(GeneratedRepository repository)
    {
        var scripts = Scripts(repository.Read("README.md")).ToList();
        Assert.Contains(scripts, s => s.Contains("dotnet run --project src/Cli", StringComparison.Ordinal));
        Assert.Contains(scripts, s => s.Contains("dotnet test", StringComparison.Ordinal));
        foreach (var script in scripts)
        {
            var run = Ledger.Time(repository.Template.ShortName, $"README: {script.Trim().Split('\n')[0]}",
                () => Shell.AtTerminal(script, repository.Folder, TimeSpan.FromMinutes(5))).Exits();
            Assert.DoesNotMatch(Trouble(), run.All);
            Assert.NotEqual("", run.All.Trim());
        }
    }

    /// <summary>Fences that hold a container or cluster command need an engine and are the business of the image tests.</summary>
    private static IEnumerable<string> Scripts(string readme) => Fence().Matches(readme).Select(m => m.Groups["script"].Value)
        .Where(s => !Regex.IsMatch(s, @"^\s*(?:docker|kubectl)\b", RegexOptions.Multiline));
}

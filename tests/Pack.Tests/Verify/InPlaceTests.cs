namespace MLPortfolio.PackTests.Verify;

/// <summary>A template builds and runs where it stands, in the pack's own repository.</summary>
[Trait("Level", "L2"), Collection(typeof(WholeMachine))]
public sealed class InPlaceTests
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void The_template_runs_in_place(string template)
    {
        Ledger.Time(template, "check in place", () => Shell.Dotnet(PackTree.Here.Root, "run", "--project", $"templates/{template}/src/Cli", "--", "check")).Exits();
        Assert.Empty(Directory.GetDirectories(PackTree.Here.Template(template).Folder, "runs"));
    }
}

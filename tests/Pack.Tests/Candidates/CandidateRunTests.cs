using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Candidates;

/// <summary>What a candidate gets works: it builds, checks itself, and does its main job on the planted data.</summary>
[Trait("Level", "L3"), Collection(typeof(WholeMachine))]
public sealed class CandidateRunTests
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void A_candidates_repository_builds_and_does_its_main_job(string template)
    {
        using var sandbox = new Sandbox();
        CandidateProgram.Scaffold(sandbox.Folder, template, "out").Exits();
        var repository = sandbox["out/repository"];
        Ledger.Time(template, "candidate: build", () => Shell.Dotnet(repository, "build", "-warnaserror", "-nologo", "-v", "q")).Exits();
        Shell.Dotnet(repository, "run", "--no-build", "--project", "src/Cli", "--", "check").Exits();
        string[] job = template == "mlportfolio-serving" ? ["run", "--once"] : ["run"];
        var run = Ledger.Time(template, "candidate: main job", () => Shell.Dotnet(repository, ["run", "--no-build", "--project", "src/Cli", "--", .. job])).Exits();
        Assert.Contains("runs/", run.Output);
    }
}

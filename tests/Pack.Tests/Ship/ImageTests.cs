using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Ship;

/// <summary>The image of a generated repository: it builds from the lock files and evaluates without root, network or a writable file system.</summary>
[Trait("Level", "L5"), Collection(typeof(WholeMachine))]
public sealed class ImageTests(Hive hive)
{
    private const long LargestLayers = 30_000_000;

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Where(t => t.Options.Any(o => o.Name == "deploy")).Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void The_image_builds_and_runs_read_only_without_root(string template)
    {
        Assert.SkipUnless(Shell.HasContainerEngine, "skipped: no container engine answers `docker info`");
        using var sandbox = new Sandbox();
        var repository = hive.Generate(PackTree.Here.Template(template), sandbox.Folder, "My.App-2");
        var tag = $"mlportfolio-test-{Path.GetRandomFileName()[..8]}";
        try
        {
            Ledger.Time(template, "image build", () => Docker(repository, ["build", "--network", "host", .. Feed(), "--file", "deploy/Dockerfile", "--tag", tag, "."])).Exits();
            Assert.Equal("1654", Docker(repository, "image", "inspect", "--format", "{{.Config.User}}", tag).Exits().Output.Trim());
            Assert.InRange(Size(repository, tag) - Size(repository, "mcr.microsoft.com/dotnet/runtime:10.0"), 1, LargestLayers);

            string[] strict = ["run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--volume", $"{tag}:/repository/runs", tag];
            Ledger.Time(template, "image run", () => Docker(repository, strict)).Exits();
            Docker(repository, [.. strict, "--help"]).Exits();
        }
        finally
        {
            Docker(repository, "volume", "rm", "--force", tag);
            Docker(repository, "image", "rm", "--force", tag);
        }
    }

    [Theory, MemberData(nameof(Templates))]
    public void The_compose_file_is_valid(string template)
    {
        Assert.SkipUnless(Shell.HasContainerEngine, "skipped: no container engine answers `docker info`");
        Docker(hive.Default(template), "compose", "-f", "deploy/compose.yaml", "config", "--quiet").Exits();
    }

    /// <summary>Where this machine's packages come from, handed to the build as a secret: the image keeps no trace of it.</summary>
    private static string[] Feed()
    {
        var config = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        return File.Exists(config) ? ["--secret", $"id=nuget,src={config}"] : [];
    }

    private static long Size(GeneratedRepository repository, string image) =>
        long.Parse(Docker(repository, "image", "inspect", "--format", "{{.Size}}", image).Exits().Output.Trim());

    private static Finished Docker(GeneratedRepository repository, params string[] arguments) =>
        Shell.Run("docker", arguments, repository.Folder, TimeSpan.FromMinutes(10));
}

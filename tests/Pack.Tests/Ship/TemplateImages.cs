using System.Collections.Concurrent;

namespace MLPortfolio.PackTests.Ship;

/// <summary>One image a template, built from a generated repository when a test first asks, and removed at the end.</summary>
public sealed class TemplateImages(Hive hive) : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly ConcurrentDictionary<string, Lazy<Image>> _images = new();

    /// <summary>A built image with the repository that it was built from.</summary>
    internal sealed record Image(GeneratedRepository Repository, string Tag)
    {
        /// <summary>The image that the last stage of the Dockerfile stands on.</summary>
        public string Base => Repository.Read("deploy/Dockerfile").Split('\n').Last(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Split(' ')[1];


        /// <summary>Arguments of `docker run` for a container that may do nothing but write one volume.</summary>
        public IEnumerable<string> Strict(string volume) =>
            ["run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--volume", $"{Tag}-{volume}:/repository/runs"];

        public Finished Docker(params IEnumerable<string> arguments) => Shell.Run("docker", [.. arguments], Repository.Folder, TimeSpan.FromMinutes(10));
    }

    /// <summary>Templates whose image does a job and ends, or serves until it is stopped.</summary>
    internal static TheoryData<string> That(bool serve) =>
        [.. PackTree.Here.Selected.Where(t => t.Options.Any(o => o.Name == "deploy") && t.Files.Any(f => f.Target == "deploy/k8s/deployment.yaml") == serve).Select(t => t.ShortName)];

    internal Image Of(string template)
    {
        Assert.SkipUnless(Shell.HasContainerEngine, "skipped: no container engine answers `docker info`");
        return _images.GetOrAdd(template, t => new Lazy<Image>(() => Build(t))).Value;
    }

    private Image Build(string template)
    {
        var options = new Dictionary<string, string> { ["deploy"] = "kubernetes" };
        var image = new Image(hive.Generate(PackTree.Here.Template(template), _sandbox[template], "My.App-2", options), $"mlportfolio-test-{Path.GetRandomFileName()[..8]}");
        Ledger.Time(template, "image build", () => image.Docker(["build", "--network", "host", .. Feed(), "--file", "deploy/Dockerfile", "--tag", image.Tag, "."])).Exits();
        return image;
    }

    /// <summary>Where this machine's packages come from, handed to the build as a secret: the image keeps no trace of it.</summary>
    private static string[] Feed()
    {
        var config = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        return File.Exists(config) ? ["--secret", $"id=nuget,src={config}"] : [];
    }

    public void Dispose()
    {
        foreach (var image in _images.Values.Where(i => i.IsValueCreated).Select(i => i.Value))
        {
            var volumes = image.Docker("volume", "ls", "--quiet", "--filter", $"name={image.Tag}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            image.Docker(["volume", "rm", "--force", image.Tag, .. volumes]);
            image.Docker("image", "rm", "--force", image.Tag);
        }

        _sandbox.Dispose();
    }
}

using System.Text.RegularExpressions;
using MLPortfolio.PackTests.Verify;
using YamlDotNet.RepresentationModel;

namespace MLPortfolio.PackTests.Ship;

/// <summary>The image of a generated repository: it builds from the lock files and does its job without root, network or a writable file system.</summary>
[Trait("Level", "L5"), Collection(typeof(WholeMachine))]
public sealed class ImageTests(TemplateImages images) : IClassFixture<TemplateImages>
{
    private const long LargestLayers = 30_000_000;

    public static TheoryData<string> Templates => [.. Jobs, .. TemplateImages.That(serve: true)];

    public static TheoryData<string> Jobs => TemplateImages.That(serve: false);

    [Theory, MemberData(nameof(Templates))]
    public void The_image_adds_little_to_its_base_and_runs_without_root(string template)
    {
        var image = images.Of(template);
        Assert.Equal("1654", image.Docker("image", "inspect", "--format", "{{.Config.User}}", image.Tag).Exits().Output.Trim());
        var added = Size(image.Tag) - Size(image.Base);
        Ledger.Size(template, "image over its base", added);
        Assert.InRange(added, 1, LargestLayers);

        long Size(string name) => long.Parse(image.Docker("image", "inspect", "--format", "{{.Size}}", name).Exits().Output.Trim());
    }

    [Theory, MemberData(nameof(Templates))]
    public void The_compose_file_is_valid(string template)
    {
        var image = images.Of(template);
        using var sandbox = new Sandbox();
        var required = Regex.Matches(image.Repository.Read("deploy/compose.yaml"), @"\$\{(?<name>\w+):\?").Select(m => m.Groups["name"].Value);
        File.WriteAllLines(sandbox["variables"], required.Select(name => $"{name}=given"));
        image.Docker("compose", "--env-file", sandbox["variables"], "-f", "deploy/compose.yaml", "config", "--quiet").Exits();
    }

    [Theory, MemberData(nameof(Jobs))]
    public void The_main_job_runs_read_only_and_the_shards_of_the_kubernetes_job_add_up_to_it(string template)
    {
        var image = images.Of(template);
        Ledger.Time(template, "image run", () => image.Docker([.. image.Strict("whole"), image.Tag])).Exits();

        var job = Assert.Single(image.Repository.Files, f => Path.GetDirectoryName(f) == "deploy/k8s" && f.EndsWith("-job.yaml", StringComparison.Ordinal));
        var (evaluate, merge) = (Command(job), Command("deploy/k8s/merge/merge-job.yaml"));
        foreach (var index in Enumerable.Range(0, 3))
        {
            Ledger.Time(template, $"image run, completion index {index}", () =>
                image.Docker([.. image.Strict("shards"), "--env", $"JOB_COMPLETION_INDEX={index}", "--entrypoint", evaluate[0], image.Tag, .. evaluate[1..]])).Exits();
        }

        image.Docker([.. image.Strict("shards"), "--entrypoint", merge[0], image.Tag, .. merge[1..]]).Exits();
        Assert.Single(Cases("whole").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(Cases("whole"), Cases("shards"));

        string[] Command(string file)
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(image.Repository.Read(file)));
            var container = ((YamlSequenceNode)yaml.Documents[0].RootNode["spec"]["template"]["spec"]["containers"])[0];
            return [.. ((YamlSequenceNode)container["command"]).Select(a => ((YamlScalarNode)a).Value!)];
        }

        // The digest of the cases of every main run in the volume that is no shard.
        string Cases(string volume) => image.Docker([.. image.Strict(volume), "--entrypoint", "sh", image.Tag, "-c",
            "for run in runs/*; do case $run in *.shard-*) ;; *) grep -q '\"kind\": *\"main\"' $run/run.json && sha256sum < $run/cases.jsonl || true ;; esac; done"]).Exits().Output;
    }
}

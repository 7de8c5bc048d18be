namespace MLPortfolio.PackTests.Verify;

/// <summary>The verb `update`, from an older package to this one, in repositories whose owners worked on them.</summary>
[Trait("Level", "L3"), Collection(typeof(WholeMachine))]
public sealed class UpdateTests(Hive hive)
{
    private const string Template = "mlportfolio-evalharness", OldVersion = "0.0.9";
    private static readonly Sandbox _sandbox = new();
    private static readonly Lazy<string> _older = new(PackOlder);

    /// <summary>This pack as an earlier version may have been: another sentence in README, a file that has gone since, one that did not exist, a config with another value.</summary>
    private static string PackOlder()
    {
        var root = _sandbox["older"];
        foreach (var file in Directory.EnumerateFiles(PackTree.Here.Root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(PackTree.Here.Root, f)).Where(f => f.Split('/')[0] is "templates" or "content" or "items" || !f.Contains('/')).Where(f => !f.Split('/').Any(s => s is "bin" or "obj" or "runs" or "models")))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            File.Copy(Path.Combine(PackTree.Here.Root, file), Path.Combine(root, file));
        }

        void Edit(string file, string old, string now)
        {
            var text = File.ReadAllText(Path.Combine(root, file));
            Assert.Contains(old, text, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(root, file), text.Replace(old, now, StringComparison.Ordinal));
        }

        Edit("TemplatePack.csproj", $"<Version>{PackTree.Here.Version}</Version>", $"<Version>{OldVersion}</Version>");
        Edit($"templates/{Template}/.mlportfolio.json", $"\"{PackTree.Here.Version}\"", $"\"{OldVersion}\"");
        Edit($"templates/{Template}/README.md", "## Limits", "## What it cannot do");
        Edit($"templates/{Template}/configs/run.yaml", "resamples: 10000", "resamples: 5000");
        Edit($"templates/{Template}/results/main/latency.json", "{", "{\n  \"older\": true,");
        File.Delete(Directory.GetFiles(Path.Combine(root, $"templates/{Template}/examples")).Single());
        File.WriteAllText(Path.Combine(root, $"templates/{Template}/docs/GONE.md"), "# Gone since\n");
        Directory.CreateDirectory(_sandbox["package"]);
        Shell.Run("dotnet", ["pack", "TemplatePack.csproj", "-o", _sandbox["package"], "-nologo", "-v", "q"], root, TimeSpan.FromMinutes(3)).Exits();
        return Directory.GetFiles(_sandbox["package"], "*.nupkg").Single();
    }

    /// <summary>A repository made by the older package and committed by its owner.</summary>
    private static string Repository(string name, params string[] options)
    {
        var folder = Directory.CreateDirectory(_sandbox[Guid.NewGuid().ToString("N")]).FullName;
        var home = new Dictionary<string, string> { ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home") };
        Shell.Run("dotnet", ["new", "install", _older.Value], folder, TimeSpan.FromMinutes(2), home).Exits();
        Shell.Run("dotnet", ["new", Template, "-n", name, "-o", "mine", .. options], folder, TimeSpan.FromMinutes(2), home).Exits();
        var repository = Path.Combine(folder, "mine");
        Git(repository, "init", "-q").Exits();
        Git(repository, "config", "user.name", "owner").Exits();
        Git(repository, "config", "user.email", "owner@example.org").Exits();
        Commit(repository);
        return repository;
    }

    private static Finished Git(string folder, params string[] arguments) => Shell.Run("git", arguments, folder, TimeSpan.FromMinutes(1));

    private static void Commit(string folder)
    {
        Git(folder, "add", "-A").Exits();
        Git(folder, "commit", "-qm", "mine").Exits();
    }

    private static void Edit(string repository, string file, Func<string, string> change)
    {
        var before = File.ReadAllText(Path.Combine(repository, file));
        File.WriteAllText(Path.Combine(repository, file), change(before));
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(repository, file)));
    }

    /// <summary>The verb of the built repository, called in another one.</summary>
    private Finished Update(string repository, string? from = null, string? to = null)
    {
        var built = BuiltRepository.Of(hive, Template).Built;
        var program = Directory.GetFiles(Path.Combine(built.Folder, "src", "Cli", "bin"), "*.Cli.dll", SearchOption.AllDirectories).First();
        return Shell.Run("dotnet", [program, "update", "--from", from ?? _older.Value, "--to", to ?? hive.Package], repository, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Edits_of_both_sides_are_kept_where_they_do_not_meet()
    {
        var repository = Repository("R&D \"Lab\"", "--owner", "R&D \"Lab\" <a@b> \\ 100%", "--deploy", "kubernetes");
        Edit(repository, "README.md", t => t.Replace("## Trade-offs", "My own paragraph.\n\n## Trade-offs"));
        File.WriteAllText(Path.Combine(repository, "docs", "MINE.md"), "# Mine\n");
        File.Delete(Path.Combine(repository, "configs", "systems", "null-constant.yaml"));
        Commit(repository);

        var update = Update(repository).Exits();
        Assert.Contains($"{Template}: {OldVersion} to {PackTree.Here.Version}", update.Output);
        var readme = File.ReadAllText(Path.Combine(repository, "README.md"));
        Assert.Contains("My own paragraph.", readme);
        Assert.Contains("\n## Limits\n", readme);
        Assert.DoesNotContain("What it cannot do", readme);
        Assert.Contains("resamples: 10000", File.ReadAllText(Path.Combine(repository, "configs", "run.yaml")));
        Assert.False(File.Exists(Path.Combine(repository, "docs", "GONE.md")));
        Assert.False(File.Exists(Path.Combine(repository, "configs", "systems", "null-constant.yaml")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(repository, "examples")));
        Assert.DoesNotContain("older", File.ReadAllText(Path.Combine(repository, "results", "main", "latency.json")));
        var origin = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(repository, ".mlportfolio.json")))!;
        Assert.Equal((PackTree.Here.Version, "R&D \"Lab\"", "R&D \"Lab\" <a@b> \\ 100%"), ((string?)origin["version"], (string?)origin["name"], (string?)origin["options"]!["owner"]));
        Assert.Equal("1", Git(repository, "rev-list", "--count", "HEAD~1..HEAD").Output.Trim());

        Commit(repository);
        Assert.Contains("another version made this repository", Update(repository).Exits(2).Error);
        Assert.Contains("nothing to merge", Update(repository, from: hive.Package).Exits().Output);
        Assert.Equal("", Git(repository, "status", "--porcelain").Output);
    }

    [Fact]
    public void Edits_that_meet_are_left_as_git_leaves_them_and_can_be_undone()
    {
        var repository = Repository("Mine");
        Edit(repository, "configs/run.yaml", t => t.Replace("resamples: 5000", "resamples: 777"));
        Edit(repository, "docs/GONE.md", t => t + "I wrote here.\n");
        Commit(repository);
        var update = Update(repository).Exits(1);
        Assert.Contains("CONFLICT  configs/run.yaml", update.Output);
        Assert.Contains("CONFLICT  docs/GONE.md", update.Output);
        Assert.Contains("merged    README.md", update.Output);
        var config = File.ReadAllText(Path.Combine(repository, "configs", "run.yaml"));
        Assert.Matches("<<<<<<< [^\n]*\nresamples: 777\n=======\nresamples: 10000\n>>>>>>>", config);
        Assert.Contains("I wrote here.", File.ReadAllText(Path.Combine(repository, "docs", "GONE.md")));
        Assert.Contains("UU configs/run.yaml", Git(repository, "status", "--porcelain").Output);
        Git(repository, "reset", "-q", "--hard").Exits();
        Assert.Contains("resamples: 777", File.ReadAllText(Path.Combine(repository, "configs", "run.yaml")));
        Assert.Equal("", Git(repository, "status", "--porcelain").Output);
    }

    [Fact]
    public void Results_and_blocks_that_the_owner_pinned_stay_the_owners()
    {
        var repository = Repository("Mine");
        Edit(repository, "results/main/metrics.json", t => t.Replace("{", "{ "));
        Edit(repository, "README.md", t => System.Text.RegularExpressions.Regex.Replace(t, "(<!-- evidence:headline -->\n)[^<]*", "$1My own number.\n"));
        Commit(repository);
        var own = File.ReadAllText(Path.Combine(repository, "results", "main", "metrics.json"));
        Update(repository).Exits();
        Assert.Equal(own, File.ReadAllText(Path.Combine(repository, "results", "main", "metrics.json")));
        Assert.Contains("older", File.ReadAllText(Path.Combine(repository, "results", "main", "latency.json")));
        var readme = File.ReadAllText(Path.Combine(repository, "README.md"));
        Assert.Contains("My own number.", readme);
        Assert.Contains("\n## Limits\n", readme);
    }

    [Fact]
    public void What_git_could_not_give_back_is_refused_untouched()
    {
        var repository = Repository("Mine");
        Edit(repository, "README.md", t => t + "not committed\n");
        Assert.Contains("the work tree is not clean", Update(repository).Exits(2).Error);
        Assert.EndsWith("not committed\n", File.ReadAllText(Path.Combine(repository, "README.md")));
        Git(repository, "checkout", "-q", "README.md").Exits();
        File.WriteAllText(Path.Combine(repository, "notes.txt"), "not tracked");
        Assert.Contains("notes.txt", Update(repository).Exits(2).Error);
        File.Delete(Path.Combine(repository, "notes.txt"));
        Assert.Contains("no such package", Update(repository, from: "gone.nupkg").Exits(2).Error);
        File.Delete(Path.Combine(repository, ".mlportfolio.json"));
        Assert.Contains(".mlportfolio.json", Update(repository).Exits(2).Error);
        Git(repository, "checkout", "-q", ".mlportfolio.json").Exits();
        Directory.Delete(Path.Combine(repository, ".git"), recursive: true);
        Assert.Contains("not a git repository", Update(repository).Exits(2).Error);
        Assert.False(Directory.Exists(Path.Combine(repository, ".git")));
    }
}

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>A part that an owner may take out, as a row of docs/make-it-yours.md says it. Each step names what the row has to name.</summary>
internal sealed record DeletablePart(string Template, string Name, params DeletablePart.Step[] Steps)
{
    internal sealed record Step(string[] Named, Action<Victim> Do);

    public static IReadOnlyList<DeletablePart> All { get; } =
    [
        new("evalharness", "import and export", Projects("src/Interchange", "tests/Interchange.Tests"), Lines("src/Cli/Cli.csproj", "Interchange"), Lines("src/Cli/Program.cs", "ImportVerb", "ExportVerb")),
        new("evalharness", "chat models", Projects("src/Models", "tests/Models.Tests"),
            Delete("prompts/", "examples/", "data/judge/", "configs/models/", "configs/calls.yaml", "configs/prices.yaml", "configs/judge.yaml"),
            DeleteIn("configs/systems/", "chat-*.yaml", "embeddings-span.yaml", "http-example.yaml"), Lines("src/Cli/Cli.csproj", "Models"), Lines("src/Cli/Program.cs", "JudgeVerb"),
            Replace("src/Cli/Program.cs", "ChatModels.Load", "null"), Replace("src/Cli/Program.cs", ", ChatModels.StaleCassettes(root.Value)", "")),
        new("evalharness", "a system", DeleteIn("configs/systems/", "bm25-fixed-span.yaml"), Decisions("bm25-fixed-span")),
        new("serving", "micro-batching", Projects("src/Batching"), Delete("tests/Serving.Tests/Batching", "configs/batching.yaml"), Lines("src/Cli/Cli.csproj", "Batching"), Lines("src/Cli/Program.cs", "MicroBatching")),
        new("serving", "the laboratory", Delete("python/", "tests/Serving.Tests/Parity")),
        new("serving", "the clients", Delete("clients/", "tests/Serving.Tests/Clients"), Lines("tests/Serving.Tests/Serving.Tests.csproj", "Compile")),
        new("serving", "a variant", Lines("configs/training.yaml", "mlp-small:"), Decisions("mlp-small")),
        new("replication", "the second paper", Projects("src/Grokking", "tests/Grokking.Tests"),
            Delete("configs/grokking.yaml", "configs/grokking-smoke.yaml", "configs/ablations/grokking-share.yaml", "configs/ablations/grokking-width.yaml", "docs/blocks/grokking.hbs", "src/Cli/Engine.cs"),
            DeleteIn("results/", "grokking*"), Claims("id: G"), Section("docs/REPORT.md", "## The second paper"), Lines("src/Cli/Cli.csproj", "Grokking"), FirstStudy()),
        new("replication", "an ablation", DeleteIn("configs/ablations/", "features.yaml"), DeleteIn("results/", "ablation-features"), DeleteIn("docs/blocks/", "features.hbs"), Decisions("ablation-features"), Claims("kind: ablation-features"), Block("docs/REPORT.md", "features")),
        new("datacentric", "the review queue", Projects("src/Review"), Delete("tests/DataCentric.Tests/Review", "src/Cli/ReviewVerb.cs"), Lines("src/Cli/Cli.csproj", "Review"), Lines("src/Cli/Program.cs", "ReviewVerb")),
        new("datacentric", "a decision", DeleteIn("docs/decisions/", "0011-*.md")),
        .. new[] { "evalharness", "serving", "replication", "datacentric" }.SelectMany(t => new DeletablePart[]
        {
            new(t, "the reviewer's tool", Projects("tools/Upkeep", "tests/Upkeep.Tests"), Lines("src/Cli/Cli.csproj", "Upkeep"), Lines("src/Cli/Program.cs", "DoctorVerb", "UpdateVerb"), Lines("README.md", "doctor")),
            new(t, "the container", Delete("deploy/"), Job(".github/workflows/ci.yml", "image"), t == "serving" ? Delete("docs/DEPLOY.md", ".github/workflows/image.yml") : Delete()),
        }),
    ];

    /// <summary>Takes projects out of the solution by the command that the row holds, and deletes their folders.</summary>
    private static Step Projects(params string[] projects) => new([$"dotnet sln remove {string.Join(' ', projects)}"], victim =>
    {
        victim.Dotnet(["sln", "remove", .. projects]).Exits();
        Delete(projects).Do(victim);
    });

    private static Step Delete(params string[] paths) => new(paths, victim =>
    {
        foreach (var path in paths.Select(p => victim[p]))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                Assert.True(File.Exists(path), $"{path} is not there");
                File.Delete(path);
            }
        }
    });

    /// <summary>Files or folders of one folder by pattern; the row names the folder.</summary>
    private static Step DeleteIn(string folder, params string[] patterns) => new([folder], victim =>
    {
        foreach (var pattern in patterns)
        {
            var found = Directory.GetFileSystemEntries(victim[folder], pattern);
            Assert.NotEmpty(found);
            Delete(found).Do(victim);
        }
    });

    /// <summary>Lines that hold one of some words.</summary>
    private static Step Lines(string file, params string[] words) =>
        new([file], victim => victim.Lines(file, lines => lines.Where(l => !words.Any(l.Contains))));

    private static Step Replace(string file, string text, string replacement) =>
        new([file, text], victim => victim.Write(file, victim.Read(file).Replace(text, replacement, StringComparison.Ordinal)));

    /// <summary>Decisions whose file names something.</summary>
    private static Step Decisions(string named) => new(["decisions"], victim =>
    {
        var found = Directory.GetFiles(victim["docs/decisions"], "*.md").Where(f => File.ReadAllText(f).Contains(named, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(found);
        Delete(found).Do(victim);
    });

    /// <summary>From a heading to the next of its level or a higher one.</summary>
    private static Step Section(string file, string heading) => new([file], victim => victim.Lines(file, lines =>
    {
        var from = lines.FindIndex(l => l.StartsWith(heading, StringComparison.Ordinal));
        var to = lines.FindIndex(from + 1, l => Level(l) > 0 && Level(l) <= Level(lines[from]));
        return lines.Take(from).Concat(to < 0 ? [] : lines.Skip(to));
    }));

    /// <summary>The section whose evidence block has this name.</summary>
    private static Step Block(string file, string name) => new([file], victim =>
    {
        var lines = victim.Read(file).Split('\n').ToList();
        var heading = lines.FindLastIndex(lines.FindIndex(l => l.Contains($"<!-- evidence:{name} -->", StringComparison.Ordinal)), l => Level(l) > 0);
        Section(file, lines[heading]).Do(victim);
    });

    private static int Level(string line) => line.StartsWith('#') && line.TrimStart('#') is [' ', ..] ? line.Length - line.TrimStart('#').Length : 0;

    /// <summary>Claims that hold some words; there may be none.</summary>
    private static Step Claims(string words) => new(["claims"], victim =>
    {
        const string Begin = "  - id: ";
        var pieces = victim.Read("claims.yaml").Split("\n" + Begin);
        victim.Write("claims.yaml", string.Join("\n" + Begin, pieces.Where(p => !("id: " + p).Contains(words, StringComparison.Ordinal))).TrimEnd('\n') + "\n");
    });

    /// <summary>The first entry of the list of studies, two lines long.</summary>
    private static Step FirstStudy() => new(["studies"], victim => victim.Lines("src/Cli/Program.cs", lines =>
    {
        var at = lines.FindIndex(l => l.Contains("new(\"grokking\"", StringComparison.Ordinal));
        return lines.Where((_, i) => i < at || i > at + 1);
    }));

    /// <summary>A job of a workflow: from its key to the next of its depth.</summary>
    private static Step Job(string file, string job) => new([file], victim => victim.Lines(file, lines =>
    {
        var from = lines.FindIndex(l => l == $"  {job}:");
        var to = lines.FindIndex(from + 1, l => l.Length > 2 && l.StartsWith("  ", StringComparison.Ordinal) && l[2] != ' ');
        return lines.Take(from).Concat(to < 0 ? [] : lines.Skip(to));
    }));
}

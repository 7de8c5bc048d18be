namespace MLPortfolio.PackTests.Instantiate;

/// <summary>A repository whose owner must be able to defend every line is small, and what it consists of is written down.</summary>
[Trait("Level", "L1")]
public sealed class BudgetTests(Hive hive)
{
    private const int LongestFile = 350;

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    public static TheoryData<string, string> Engines => [.. PackTree.Here.Selected.SelectMany(t => t.Engines.Select(e => (t.ShortName, e)))];

    [Theory, MemberData(nameof(Engines))]
    public void The_files_are_those_of_the_manifest(string template, string engine)
    {
        var name = engine == TemplateDefinition.DefaultEngine ? template : $"{template}.{engine}";
        var manifest = Path.Combine(PackTree.Here.Root, "tests", "manifests", $"{name}.txt");
        var files = string.Join('\n', hive.Default(template, engine).Files) + "\n";
        if (PackTree.Here.IsBeingWritten)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(manifest)!);
            File.WriteAllText(manifest, files);
        }

        var committed = File.Exists(manifest) ? File.ReadAllLines(manifest) : [];
        var generated = hive.Default(template, engine).Files;
        Findings.AreNone(generated.Except(committed).Select(f => $"{f} is not in tests/manifests/{name}.txt (MLPORTFOLIO_WRITE=1 writes it)")
            .Concat(committed.Except(generated).Select(f => $"{f} is in the manifest and was not generated")));
    }

    [Theory, MemberData(nameof(Engines))]
    public void Source_lines_stay_within_the_budget(string template, string engine)
    {
        var repository = hive.Default(template, engine);
        var lines = repository.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal))
            .GroupBy(f => f.Split('/')[1]).ToDictionary(g => g.Key, g => g.Sum(f => CodeLines(repository.Read(f))));
        var budget = template switch { "mlportfolio-evalharness" => 5000, "mlportfolio-serving" => 5000, _ => 3500 };
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", lines.Select(l => $"{l.Key} {l.Value}")) + $"; in all {lines.Values.Sum()} of {budget}");
        if (engine == "builtin")
        {
            Ledger.Size(template, "lines in src/", lines.Values.Sum());
            Ledger.Size(template, "files", repository.Files.Count);
        }

        // The engine over libtorch has a limit of its own: who does not ask for it defends none of its lines.
        Assert.InRange(lines.Values.Sum() - lines.GetValueOrDefault("Torch"), 1, budget);
        Assert.InRange(lines.GetValueOrDefault("Torch"), 0, 700);
        Assert.InRange(lines.GetValueOrDefault("Evidence"), 0, 1400);
        Assert.InRange(lines.GetValueOrDefault("Numerics"), 0, 700);
        Assert.InRange(repository.Files.Where(f => f.StartsWith("tools/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal)).Sum(f => CodeLines(repository.Read(f))), 0, 850);
    }

    [Theory, MemberData(nameof(Templates))]
    public void No_source_file_is_longer_than_one_purpose_takes(string template) =>
        Findings.AreNone(from file in hive.Default(template).Files
                         where file.EndsWith(".cs", StringComparison.Ordinal)
                         let lines = hive.Default(template).Read(file).Count(c => c == '\n')
                         where lines > LongestFile
                         select $"{file} has {lines} lines, at most {LongestFile}");

    [Theory, MemberData(nameof(Engines))]
    public void The_top_folder_and_the_solution_are_small(string template, string engine)
    {
        var repository = hive.Default(template, engine);
        var top = repository.Files.Select(f => f.Split('/')[0]).Where(f => !f.StartsWith('.')).Distinct().ToList();
        // Sixteen that the product takes; tools/ holds what looks at it from outside.
        Assert.True(top.Except(["tools"]).Count() <= 16, $"{top.Count} entries: {string.Join(", ", top)}");
        var projects = repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        // Twelve that the owner defends, the reviewer's tool (tools/Upkeep) with its tests, which is no part of the product, and an engine that was asked for, with its tests.
        Assert.True(projects.Count <= (engine == TemplateDefinition.DefaultEngine ? 14 : 16), $"{projects.Count} projects: {string.Join(", ", projects)}");
    }

    [Theory, MemberData(nameof(Engines))]
    public void Every_project_is_in_the_solution(string template, string engine)
    {
        var repository = hive.Default(template, engine);
        var solution = repository.Read($"{repository.Namespace}.slnx");
        Findings.AreNone(repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains($"\"{f}\"", StringComparison.Ordinal))
            .Select(f => $"{f} is not in the solution"));
    }

    /// <summary>Lines that hold code: neither blank nor a comment alone.</summary>
    internal static int CodeLines(string text)
    {
        var count = 0;
        var inComment = false;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (inComment)
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
                continue;
            }

            inComment = line.StartsWith("/*", StringComparison.Ordinal) && !line.Contains("*/", StringComparison.Ordinal);
            count += line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("/*", StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }

    [Fact]
    public void Comments_and_blank_lines_do_not_count() =>
        Assert.Equal(3, CodeLines("// a\n\nusing A; // b\n/* c\nd */\n/// e\nclass B\n{}\n"));
}

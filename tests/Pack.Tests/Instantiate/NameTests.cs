namespace MLPortfolio.PackTests.Instantiate;

[Trait("Level", "L1")]
public sealed class NameTests(Hive hive)
{
    /// <summary>Product names that people type, and what they become: namespace and slug.</summary>
    private static readonly (string Name, string Namespace, string Slug)[] _names =
    [
        ("HeatingQa", "HeatingQa", "heating-qa"),
        ("my-app", "my_app", "my-app"),
        ("My.App-2", "My.App_2", "my-app-2"),
        ("My App", "My_App", "my-app"),
        ("123go", "_123go", "p-123go"),
        ("My.2nd", "My._2nd", "my-2nd"),
        ("class", "_class", "class"),
        ("my.record.var", "my._record._var", "my-record-var"),
        ("Ünï.Code", "Ünï.Code", "n-code"),
        ("日本語", "日本語", "project"),
        ("A..B", "A.B", "a-b"),
        ("A._.B", "A.B", "a-b"),
        (".dot", "dot", "dot"),
        ("---", "Project", "project"),
        ("R&D \"Lab\" <x> 'y' $z", "R_D_Lab_x_y_z", "r-d-lab-x-y-z"),
        ("C#", "C", "c"),
        ("50% off; now", "_50_off_now", "p-50-off-now"),
        ("🔥Lab", "Lab", "lab"),
        ("Console", "_Console", "console"),
        ("System", "_System", "system"),
        ("My.File", "My._File", "my-file"),
        ("Statistics", "_Statistics", "statistics"),
        ("Xunit.Fact", "_Xunit._Fact", "xunit-fact"),
        ("Evidence.Cli", "_Evidence._Cli", "evidence-cli"),
        ("Portfolio Project Title", "Portfolio_Project_Title", "portfolio-project-title"),
        ("AnEvaluationHarnessWithANameThatIsExactlySixtyCharactersLong", "AnEvaluationHarnessWithANameThatIsExactlySixtyCharactersLong", "an-evaluation-harness-with-aname-that-is"),
    ];

    public static TheoryData<string, string> Names => [.. PackTree.Here.Selected.SelectMany(t => _names.Select(n => (t.ShortName, n.Name)))];

    [Theory, MemberData(nameof(Names))]
    public void A_name_gives_legal_names_and_leaves_no_token(string template, string name)
    {
        var expected = _names.Single(n => n.Name == name);
        using var sandbox = new Sandbox();
        var repository = hive.Generate(PackTree.Here.Template(template), sandbox.Folder, name);
        Assert.Equal(name, Path.GetFileName(repository.Folder));
        Assert.Equal(expected.Namespace, repository.Namespace);
        Assert.Contains($"\nname: {expected.Slug}\n", repository.Read("deploy/compose.yaml"));
        Assert.Contains($"# {name}", repository.Read("README.md").Split('\n')[0]);

        Assert.Equal(name, (string?)System.Text.Json.Nodes.JsonNode.Parse(repository.Read(".mlportfolio.json"))!["name"]);

        // A product may be called like one of our own tokens; its name is then no leftover.
        Findings.AreNone(RepositoryChecks.All(repository).Where(f => !name.StartsWith("Portfolio", StringComparison.Ordinal) || !f.Contains("is left", StringComparison.Ordinal)));

        var usual = hive.Default(template);
        Assert.Equal(usual.Files.Select(f => f.Replace(usual.Namespace, "*")).Order(StringComparer.Ordinal),
            repository.Files.Select(f => f.EndsWith(".slnx", StringComparison.Ordinal) ? f.Replace(repository.Namespace, "*") : f).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("a/b", "Name cannot contain any of the following characters"), InlineData("/", "Name cannot contain"), InlineData(" ", "--name"),
     InlineData("a*b", "Choose a name"), InlineData("what?", "Choose a name"), InlineData("...", "Choose a name"), InlineData("..", "Choose a name"),
     InlineData("a\\b", "Choose a name"), InlineData("$(x)", "Choose a name"), InlineData("100%25", "Choose a name"),
     InlineData("ANameOfMoreThanOneHundredCharacters_ANameOfMoreThanOneHundredCharacters_ANameOfMoreThanOneHundredChars", "Choose a name")]
    public void A_name_that_cannot_work_is_refused_with_a_sentence(string name, string sentence)
    {
        using var sandbox = new Sandbox();
        foreach (var template in PackTree.Here.Selected)
        {
            var refused = hive.New(sandbox.Folder, template.ShortName, "-n", name);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains(sentence, refused.All);
            Assert.Empty(Directory.GetFiles(sandbox.Folder, "*", SearchOption.AllDirectories));
        }
    }
}

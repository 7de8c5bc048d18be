namespace MLPortfolio.PackTests.Verify;

/// <summary>The item template mlportfolio-decision, used inside a generated repository as its owner would.</summary>
[Trait("Level", "L3"), Collection(typeof(WholeMachine))]
public sealed class DecisionItemTests(Hive hive)
{
    private const string Template = "mlportfolio-evalharness";

    /// <summary>Runs in a repository whose docs/decisions is put back afterwards.</summary>
    private void InRepository(Action<GeneratedRepository> test)
    {
        var repository = BuiltRepository.Of(hive, Template).Built;
        var before = repository.Files.ToHashSet();
        try
        {
            test(repository);
        }
        finally
        {
            foreach (var added in repository.Files.Except(before))
            {
                File.Delete(Path.Combine(repository.Folder, added));
            }

            Cli(repository, "pin", "results/main");
        }
    }

    private static Finished Cli(GeneratedRepository repository, params string[] verb) => Shell.Dotnet(repository.Folder, ["run", "--no-build", "--project", "src/Cli", "--", .. verb]);

    [Fact]
    public void A_decision_that_names_two_pinned_variants_is_the_owners_and_check_accepts_it() => InRepository(repository =>
    {
        const string Title = "R&D: \"better\" \\ Ünï 🔥 # yes";
        hive.New(repository.Folder, "mlportfolio-decision", "-n", Title, "--number", "0042", "--metric", "utility", "--before", "results/main:bm25-span", "--after", "results/main:hybrid-span",
            "--hypothesis", "Fusion finds: what \"words\" miss.", "--changed", "retriever, from bm25 to hybrid").Exits();
        var file = Assert.Single(repository.Files, f => f.StartsWith("docs/decisions/0042-", StringComparison.Ordinal));
        Assert.Equal("docs/decisions/0042-r-d-better-n-yes.md", file);
        Cli(repository, "pin", "results/main").Exits();
        Cli(repository, "check").Exits();
        Assert.Contains("**no evidence**", repository.Read(file));
        Assert.Contains("1 by the owner", repository.Read("README.md"));
        Assert.DoesNotContain("none of", Cli(repository, "doctor").Output);
    });

    [Fact]
    public void A_decision_that_names_nothing_yet_is_named_by_check() => InRepository(repository =>
    {
        hive.New(repository.Folder, "mlportfolio-decision", "-n", "Try a wider window").Exits();
        var file = Assert.Single(repository.Files, f => f.EndsWith("-try-a-wider-window.md", StringComparison.Ordinal));
        Assert.Matches(@"^docs/decisions/20\d{6}-", file);
        var check = Cli(repository, "check").Exits(1);
        Assert.Contains($"{file}: unknown metric \"NAME-A-METRIC\"", check.Output);
    });

    [Theory, InlineData("abc"), InlineData("12/3"), InlineData("123456789")]
    public void A_number_that_is_none_is_refused_and_no_file_is_written(string number)
    {
        using var sandbox = new Sandbox();
        var refused = hive.New(sandbox.Folder, "mlportfolio-decision", "-n", "x", "--number", number);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("one to eight digits", refused.All);
        Assert.Empty(Directory.GetFiles(sandbox.Folder, "*", SearchOption.AllDirectories));
    }
}

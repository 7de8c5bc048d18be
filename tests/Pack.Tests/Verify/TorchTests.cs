namespace MLPortfolio.PackTests.Verify;

/// <summary>
/// Repositories with --engine torchsharp. Where libtorch's package is on no source of the machine each test says so and counts as skipped;
/// MLPORTFOLIO_EXTRA_FEED names a folder or feed that has it, for these tests and for the repositories that they build.
/// </summary>
[Trait("Level", "L2"), Collection(typeof(WholeMachine))]
public sealed class TorchTests(Hive hive)
{
    private const string Engine = "torchsharp";

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Where(t => t.Engines.Contains(Engine)).Select(t => t.ShortName).DefaultIfEmpty("")];

    [Theory, MemberData(nameof(Templates))]
    public void The_repository_builds_without_a_warning(string template) => _ = Built(template);

    [Theory, MemberData(nameof(Templates))]
    public void The_repository_is_formatted(string template) => Shell.Dotnet(Built(template).Folder, "format", "--no-restore", "--verify-no-changes").Exits();

    [Theory, MemberData(nameof(Templates))]
    public void The_repository_passes_its_own_tests(string template)
    {
        var repository = Built(template);
        var test = Ledger.Time(template, $"test --engine {Engine}", () => Shell.Dotnet(repository.Folder, "test", "--no-build"));
        var counts = BuiltRepository.Counts(test);
        Ledger.Count($"{template} --engine {Engine}", counts.GetValueOrDefault("succeeded"), counts.GetValueOrDefault("failed"), counts.GetValueOrDefault("skipped"));
        test.Exits();
        Assert.True(counts["succeeded"] > 0);
    }

    [Theory, MemberData(nameof(Templates))]
    public void Every_command_of_its_readme_works_as_it_stands(string template) => ReadmeTests.RunCommands(Built(template));

    private GeneratedRepository Built(string template)
    {
        if (template.Length == 0)
        {
            Assert.Skip("skipped: the template that was asked for has one engine");
        }

        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MLPORTFOLIO_EXTRA_FEED")), "skipped: TorchSharp cannot be restored here (MLPORTFOLIO_EXTRA_FEED names a package folder that has it)");
        return BuiltRepository.Of(hive, template, Engine).Built;
    }
}

namespace MLPortfolio.PackTests.Verify;

[CollectionDefinition(DisableParallelization = true)]
public sealed class WholeMachine;

[Trait("Level", "L2"), Collection(typeof(WholeMachine))]
public sealed class BuildTests(Hive hive)
{
    /// <summary>Each segment is a hazard of its own: a well-known type, a file name's dot, a keyword, letters beyond ASCII, a digit first, a type of the product.</summary>
    private const string HostileName = "Console.File.class.Ünï.123go.日本語.Corpus.Run-2";

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void The_default_repository_restores_what_its_lock_files_say(string template) => _ = BuiltRepository.Of(hive, template).Restored;

    [Theory, MemberData(nameof(Templates))]
    public void The_default_repository_builds_without_a_warning(string template) => _ = BuiltRepository.Of(hive, template).Built;

    [Theory, MemberData(nameof(Templates))]
    public void The_default_repository_is_formatted(string template)
    {
        var repository = BuiltRepository.Of(hive, template).Built;
        Ledger.Time(template, "format", () => Shell.Dotnet(repository.Folder, "format", "--no-restore", "--verify-no-changes")).Exits();
    }

    [Theory, MemberData(nameof(Templates))]
    public void The_default_repository_passes_its_own_tests(string template)
    {
        var repository = BuiltRepository.Of(hive, template).Built;
        var test = Ledger.Time(template, "test", () => Shell.Dotnet(repository.Folder, "test", "--no-build"));
        var counts = BuiltRepository.Counts(test);
        Ledger.Count(template, counts.GetValueOrDefault("succeeded"), counts.GetValueOrDefault("failed"), counts.GetValueOrDefault("skipped"));
        test.Exits();
        Assert.True(counts["succeeded"] > 0);
    }

    [Theory, MemberData(nameof(Templates))]
    public void Every_distinct_set_of_compiled_inputs_builds(string template)
    {
        var definition = PackTree.Here.Template(template);
        var defaults = definition.Options.ToDictionary(o => o.Name, o => o.Default);
        var seen = new HashSet<string> { BuiltRepository.CompiledInputs(BuiltRepository.Of(hive, template).Repository) };
        foreach (var option in definition.Options.Where(o => o.Name != "engine"))
        {
            foreach (var value in option.Values.Where(v => v != option.Default))
            {
                using var sandbox = new Sandbox();
                var repository = hive.Generate(definition, sandbox.Folder, Hive.DefaultName, new Dictionary<string, string>(defaults) { [option.Name] = value });
                if (seen.Add(BuiltRepository.CompiledInputs(repository)))
                {
                    Ledger.Time(template, $"build --{option.Name} {value}", () => Shell.Dotnet(repository.Folder, "build", "-warnaserror", "-nologo", "-v", "q")).Exits();
                }
            }
        }
    }

    [Fact]
    public void A_hostile_name_builds_is_formatted_and_starts()
    {
        var template = PackTree.Here.Selected.First();
        using var sandbox = new Sandbox();
        var repository = hive.Generate(template, sandbox.Folder, HostileName);
        Ledger.Time(template.ShortName, "build, hostile name", () => Shell.Dotnet(repository.Folder, "build", "-warnaserror", "-nologo", "-v", "q")).Exits();
        Shell.Dotnet(repository.Folder, "format", "--no-restore", "--verify-no-changes").Exits();
        Assert.Contains("Usage:", Shell.Dotnet(repository.Folder, "run", "--no-build", "--project", "src/Cli", "--", "--help").Exits().Output);
    }
}

namespace MLPortfolio.PackTests.Instantiate;

[Trait("Level", "L1")]
public sealed class OptionTests(Hive hive)
{
    /// <summary>The compiled inputs that were met first, by the options that may change them.</summary>
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string Template, string Seed, string Engine), string> _compiled = new();

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    public static TheoryData<string, string> Combinations =>
        [.. PackTree.Here.Selected.SelectMany(t => t.Combinations().Select(c => (t.ShortName, string.Join("; ", c.Select(o => $"{o.Key}={o.Value}")))))];

    [Theory, MemberData(nameof(Templates))]
    public void The_package_installs_and_lists_the_template(string template)
    {
        using var sandbox = new Sandbox();
        var listed = hive.New(sandbox.Folder, "list", template).Exits();
        Assert.Contains(template, listed.Output);
        var installed = hive.New(sandbox.Folder, "uninstall").Exits().Output;
        Assert.Contains("MLPortfolio.Templates", installed);
        Assert.Contains($"Version: {PackTree.Here.Version}", installed);
    }

    [Theory, MemberData(nameof(Templates))]
    public void Help_shows_every_option_with_its_values_and_default(string template)
    {
        using var sandbox = new Sandbox();
        var help = hive.New(sandbox.Folder, template, "-h").Exits().Output;
        foreach (var option in PackTree.Here.Template(template).Options)
        {
            Assert.Contains($"--{option.Name}", help);
            Assert.Contains($"Default: {option.Default}", help);
            Assert.All(option.Choices, c => Assert.Matches($@"(?m)^\s+{c}\s", help));
        }
    }

    [Theory, MemberData(nameof(Templates))]
    public void Nothing_but_tokens_changes_on_the_way(string template) => Findings.AreNone(RepositoryChecks.OnlyTokensChange(hive.Default(template)));

    [Theory, MemberData(nameof(Combinations))]
    public void Every_combination_of_options_gives_a_sound_repository(string template, string combination)
    {
        var definition = PackTree.Here.Template(template);
        var options = definition.Combinations().Single(c => string.Join("; ", c.Select(o => $"{o.Key}={o.Value}")) == combination);
        using var sandbox = new Sandbox();
        var repository = hive.Generate(definition, sandbox.Folder, "ClinicalQa", options);
        Findings.AreNone(RepositoryChecks.All(repository));

        // What no other option changes need not be built for its other values: two builds, by seed and engine, are all that there are.
        var compiled = Verify.BuiltRepository.CompiledInputs(repository);
        Assert.Equal(compiled, _compiled.GetOrAdd((template, options.GetValueOrDefault("seed", ""), options.GetValueOrDefault("engine", "")), compiled));

        var origin = System.Text.Json.Nodes.JsonNode.Parse(repository.Read(".mlportfolio.json"))!;
        Assert.Equal(options.ToDictionary(), origin["options"]!.AsObject().ToDictionary(o => o.Key, o => (string)o.Value!));
        Assert.Equal((template, PackTree.Here.Version, "ClinicalQa"), ((string?)origin["template"], (string?)origin["version"], (string?)origin["name"]));
        Assert.Equal(options["license"] == "mit", repository.Has("LICENSE"));
        Assert.Equal(options["deploy"] != "none", repository.Has("deploy"));
        Assert.Equal(options["deploy"] == "kubernetes", repository.Has("deploy/k8s"));
        Assert.Equal(options.All(o => o.Key is not ("seed" or "engine") || o.Value == definition.Options.Single(d => d.Name == o.Key).Default), repository.Has("results"));
        if (options.TryGetValue("engine", out var engine))
        {
            Assert.Equal(engine == TemplateDefinition.DefaultEngine, repository.Files.Any(f => f.EndsWith("packages.lock.json", StringComparison.Ordinal)));
            Assert.Equal(engine != TemplateDefinition.DefaultEngine, repository.Has("src/Torch"));
            Findings.AreNone(repository.Files.Where(f => engine == TemplateDefinition.DefaultEngine && repository.Read(f).Contains("torchsharp", StringComparison.OrdinalIgnoreCase)).Select(f => $"{f} knows of an engine that is not there"));
        }

        if (repository.Has("LICENSE"))
        {
            Assert.Contains($"Copyright (c) {options["owner"]}\n", repository.Read("LICENSE"));
        }
    }

    [Theory, MemberData(nameof(Templates))]
    public void A_value_that_an_option_does_not_have_is_refused(string template)
    {
        using var sandbox = new Sandbox();
        foreach (var option in PackTree.Here.Template(template).Options.Where(o => o.Choices.Count > 0 || o.DataType == "integer"))
        {
            var refused = hive.New(sandbox.Folder, template, "-n", "Refused", $"--{option.Name}", "nonsense");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("nonsense", refused.All);
            Assert.Empty(Directory.GetFileSystemEntries(sandbox.Folder));
        }
    }

    [Theory, MemberData(nameof(Templates))]
    public void Kustomize_builds_what_the_kubernetes_option_lays_down(string template)
    {
        Assert.SkipUnless(Shell.Answers("kubectl", "version", "--client"), "skipped: no kubectl on this machine");
        using var sandbox = new Sandbox();
        var repository = hive.Generate(PackTree.Here.Template(template), sandbox.Folder, "My.App-2", new Dictionary<string, string> { ["deploy"] = "kubernetes" });
        foreach (var folder in repository.Files.Where(f => Path.GetFileName(f) == "kustomization.yaml").Select(f => Path.GetDirectoryName(f)!))
        {
            Assert.Contains("my-app-2", Shell.Run("kubectl", ["kustomize", folder], repository.Folder, TimeSpan.FromMinutes(1)).Exits().Output);
        }
    }
}

using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests.Lint;

[Trait("Level", "L0")]
public sealed class LintTests
{
    /// <summary>What each rule must catch: the file that is broken, what is replaced in it (nothing: the file is new), and words of the finding.</summary>
    private static readonly (string Rule, string File, string? Old, string New, string Says)[] _broken =
    [
        (nameof(ExcludesAreDeclared), "templates/demo/.template.config/template.json", "\"**/obj/**\",", "", "does not exclude **/obj/**"),
        (nameof(PatternsAreAlive), "templates/demo/.template.config/template.json", "\"data/**\"", "\"data/**\",\"weights/**\"", "no file matches weights/**"),
        (nameof(PatternsAreAlive), "templates/demo/.template.config/template.json", "content/common", "content/nothing", "is no folder"),
        (nameof(PatternsAreAlive), "templates/demo/.template.config/template.json", "\"deploy/**\"", "\"depoly/**\"", "no file matches depoly/**"),
        (nameof(OneSourceAPath), "templates/demo/LICENSE", null, "mine\n", "LICENSE comes from ./ and ../../content/common/"),
        (nameof(OneSourceAPath), "templates/demo/.template.config/template.json", "\"README.md\"", "\"LICENSE\"", "README.md comes from ./ and ./unmeasured/"),
        (nameof(DataIsCopiedOnly), "templates/demo/docs/chart.svg", null, "<svg/>\n", "docs/chart.svg is not copyOnly"),
        (nameof(PathsAreShort), $"templates/demo/{new string('x', 120)}.md", null, "x\n", "123 characters"),
        (nameof(TextIsPlain), "templates/demo/README.md", "\n", "\r\n", "carriage return"),
        (nameof(TextIsPlain), "templates/demo/README.md", "# ", "\uFEFF# ", "byte order mark"),
        (nameof(SymbolsAreUsed), "content/common/LICENSE", "Portfolio Project Owner", "me", "no file holds Portfolio Project Owner"),
        (nameof(TokensAreDeclared), "templates/demo/README.md", "Title", "Tagline", "Portfolio Project Tagline is declared by no symbol"),
        (nameof(TokensAreDeclared), "templates/demo/data/cases.csv", "a,b", "portfolio-project-slug", "is copyOnly and holds portfolio-project-slug"),
        (nameof(TokensAreDeclared), "content/common/.github/workflows/ci.yml", "(deploy != \"none\")", "(container)", "names container, which is no symbol"),
        (nameof(SymbolsAreNotBuildProperties), "templates/demo/.template.config/template.json", "\"heading\":", "\"version\":", "symbol version is the name of an MSBuild property"),
        (nameof(ReplacedValuesAreDistinctive), "templates/demo/.template.config/template.json", "\"portfolio-project-slug\"", "\"2026\"", "replaces 2026"),
        (nameof(FormsExist), "templates/demo/.template.config/template.json", "\"lowerCase\"", "\"lowercase\"", "the engine has no form lowercase"),
        (nameof(FormsExist), "templates/demo/.template.config/template.json", "\"valueTransform\":\"lower\"", "\"valueTransform\":\"slug\"", "valueTransform slug is no form"),
        (nameof(FreeTextIsEncodedWhereItLands), "templates/demo/.mlportfolio.json", "\"Portfolio-Project-Owner-Json\"", "\"Portfolio Project Owner\"", ".mlportfolio.json holds Portfolio Project Owner"),
        (nameof(FreeTextIsEncodedWhereItLands), "content/common/.github/workflows/ci.yml", "portfolio-project-slug", "Portfolio Project Title", "ci.yml holds Portfolio Project Title"),
        (nameof(DirectivesDoNotLeak), "templates/demo/pyproject.toml", null, "#if (deploy != \"none\")\n#endif\n", "#if is left standing"),
        (nameof(DirectivesDoNotLeak), "templates/demo/src/Cli/Program.cs", "namespace", "#if (deploy != \"none\")\n#endif\nnamespace", "use //#if"),
        (nameof(DirectivesDoNotLeak), "content/common/.github/workflows/ci.yml", "#endif\n", "", "1 #if and 0 #endif"),
        (nameof(PostActionsDoNotPrompt), "templates/demo/.template.config/template.json", "{\"shortName\"", "{\"postActions\":[{\"actionId\":\"3a7c4b45-1f5d-4a30-959a-51b88e82b5d2\"}],\"shortName\"", "runs a program"),
        (nameof(HostFilesListEveryOption), "templates/demo/.template.config/ide.host.json", ",{\"id\":\"deploy\"}", "", "ide.host.json does not list --deploy"),
        (nameof(HostFilesListEveryOption), "templates/demo/.template.config/dotnetcli.host.json", "\"owner\":{}", "\"owner\":{},\"seed\":{}", "lists seed, which is no option"),
        (nameof(SharedOptionsAgree), "templates/other/.template.config/template.json", "\"defaultValue\":\"us\"", "\"defaultValue\":\"them\"", "--owner differs between demo, other"),
        (nameof(TemplatesAreAlike), "templates/demo/.template.config/template.json", "{\"shortName\"", "{\"sourceName\":\"Demo\",\"shortName\"", "sourceName is set"),
        (nameof(TemplatesAreAlike), "templates/demo/.template.config/template.json", "\"preferNameDirectory\":true", "\"preferNameDirectory\":false", "preferNameDirectory is not true"),
        (nameof(TemplatesAreAlike), "templates/demo/.template.config/template.json", "\"src/**/*.cs\"", "\"src/*.cs\"", "knows //#if alone"),
        (nameof(OriginIsTrue), "templates/demo/.mlportfolio.json", "1.2.3", "1.2.2", "has version 1.2.2, the package 1.2.3"),
        (nameof(OriginIsTrue), "templates/demo/.mlportfolio.json", "\"deploy\"", "\"ship\"", "does not record --deploy"),
        (nameof(OriginIsTrue), "templates/demo/.mlportfolio.json", "Portfolio-Project-Title-Json", "demo", "does not record the name"),
        (nameof(PackageVersionsAgree), "templates/other/Directory.Packages.props", "1.0.0", "1.0.1", "A has the versions"),
        (nameof(PackageVersionsAgree), "templates/demo/Directory.Packages.props", "</ItemGroup>", "<PackageVersion Include=\"B\" Version=\"1\" /></ItemGroup>", "lists B"),
        (nameof(PackageVersionsAgree), "templates/demo/src/Cli/Cli.csproj", "\"A\"", "\"C\"", "C has no version"),
        (nameof(EveryProjectIsLocked), "templates/demo/src/Other/Other.csproj", null, "<Project />\n", "src/Other/packages.lock.json is missing"),
        (nameof(OneSolutionHoldsAllProjects), "tests/Demo.Tests/Demo.Tests.csproj", null, "<Project />\n", "does not list ../tests/Demo.Tests/Demo.Tests.csproj"),
        (nameof(OneSolutionHoldsAllProjects), "build/All.slnx", "other", "gone", "../templates/gone/src/Cli/Cli.csproj, which is not there"),
        (nameof(ReadmeNamesWhatExists), "README.md", "<!-- options -->", "`./build.sh deploy`\n<!-- options -->", "names the target deploy"),
        (nameof(ReadmeNamesWhatExists), "README.md", "<!-- options -->", "`templates/gone`\n<!-- options -->", "names templates/gone"),
        (nameof(UnmeasuredIsFresh), "templates/demo/README.md", "# ", "# The ", "unmeasured/README.md is not README.md without a run"),
        (nameof(UnmeasuredIsFresh), "templates/demo/unmeasured/README.md", "*not measured*", "0.8", "unmeasured/README.md is not README.md without a run"),
        (nameof(UnmeasuredIsFresh), "templates/demo/unmeasured/docs/NOTES.md", null, "x\n", "unmeasured/docs/NOTES.md has no docs/NOTES.md beside it"),
        (nameof(ShippedListIsFresh), "templates/demo/README.md", "mine", "yours", "is not what the template lays down"),
        (nameof(ShippedListIsFresh), "templates/demo/configs/run.yaml", "seed: 1", "seed: 1\nnew: 2", "is not what the template lays down"),
        (nameof(ReadmeTableIsFresh), "README.md", "`--deploy`", "`--deployment`", "the table of options is stale"),
    ];

    public static TheoryData<string> Rules => [.. LintRule.All.Select(r => r.GetType().Name)];

    public static TheoryData<int, string> Broken => [.. _broken.Select((b, i) => (i, $"{b.Rule}: {b.Says}"))];

    [Theory, MemberData(nameof(Rules))]
    public void The_pack_keeps_the_rule(string rule) =>
        Findings.AreNone(LintRule.All.Single(r => r.GetType().Name == rule).Inspect(PackTree.Here));

    [Fact]
    public void A_healthy_miniature_breaks_no_rule()
    {
        using var sandbox = new Sandbox();
        var pack = MiniaturePack.Write(sandbox.Folder);
        Findings.AreNone(LintRule.All.SelectMany(r => r.Inspect(pack)));
    }

    [Theory, MemberData(nameof(Broken))]
    public void A_rule_catches_what_it_is_for(int index, string _)
    {
        var (rule, file, old, replacement, says) = _broken[index];
        using var sandbox = new Sandbox();
        MiniaturePack.Write(sandbox.Folder);
        if (old is null)
        {
            MiniaturePack.Put(sandbox.Folder, file, replacement);
        }
        else
        {
            var text = File.ReadAllText(sandbox[file]);
            if (file.EndsWith("template.json", StringComparison.Ordinal))
            {
                text = JsonNode.Parse(text)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            }

            Assert.Contains(old, text, StringComparison.Ordinal);
            File.WriteAllText(sandbox[file], text.Replace(old, replacement, StringComparison.Ordinal));
        }

        var findings = LintRule.All.Single(r => r.GetType().Name == rule).Inspect(new PackTree(sandbox.Folder));
        Assert.Contains(findings, f => f.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_has_something_that_it_catches() =>
        Assert.Equal([], LintRule.All.Select(r => r.GetType().Name).Except(_broken.Select(b => b.Rule)));
}

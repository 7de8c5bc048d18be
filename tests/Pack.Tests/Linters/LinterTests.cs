namespace MLPortfolio.PackTests.Linters;

/// <summary>
/// Generated repositories and the pack itself before linters that others wrote. hadolint is in no registry that the build uses, so Dockerfiles
/// are read by dockerfile-utils.
/// </summary>
[Trait("Level", "L1")]
public sealed class LinterTests(LintedRepositories repositories) : IClassFixture<LintedRepositories>
{
    public static TheoryData<string> Linters => [.. Linter.All.Select(l => l.Name)];

    public static TheoryData<string, string> Cases => [.. Linter.All.SelectMany(l => PackTree.Here.Selected.Select(t => (l.Name, t.ShortName)))];

    [Theory, MemberData(nameof(Linters))]
    public void A_linter_rejects_what_it_is_for(string name)
    {
        var linter = Find(name);
        using var sandbox = new Sandbox();
        LintedRepositories.Put(sandbox.Folder, linter.BadFile, linter.Bad);
        var run = linter.Run(sandbox.Folder, [linter.BadFile]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(linter.Says, run.All, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_generated_repository_pleases_the_linter(string name, string template)
    {
        var linter = Find(name);
        var repository = repositories.Of(template);
        if (linter.Name == "kubernetes-models")
        {
            Assert.SkipUnless(Shell.Answers("kubectl", "version", "--client"), "skipped: no kubectl on this machine");
        }

        var files = repository.Files.Where(linter.Files).ToList();
        Assert.NotEmpty(files);
        linter.Run(repository.Folder, files).Exits();
    }

    [Theory, InlineData("actionlint"), InlineData("yamllint"), InlineData("markdownlint"), InlineData("remark-validate-links"), InlineData("shellcheck")]
    public void The_pack_itself_pleases_the_linter(string name)
    {
        string[] files = name switch
        {
            "markdownlint" or "remark-validate-links" => ["README.md"],
            "shellcheck" => ["build.sh", ".ci/run"],
            _ => [".github/workflows/ci.yml"],
        };
        Find(name).Run(PackTree.Here.Root, files.Where(f => File.Exists(Path.Combine(PackTree.Here.Root, f))).ToList()).Exits();
    }

    private static Linter Find(string name)
    {
        var linter = Linter.All.Single(l => l.Name == name);
        Assert.SkipWhen(linter.Missing() is not null, linter.Missing() ?? "");
        return linter;
    }
}

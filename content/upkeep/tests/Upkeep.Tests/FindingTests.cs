namespace PortfolioProject.Upkeep.Tests;

/// <summary>Every kind of finding: nothing is found in a repository whose owner has done everything, and one break brings the one finding that names it.</summary>
public sealed class FindingTests
{
    private const string Own = "docs/decisions/0005-try.md";

    // Composed here, so that no scanner takes this file for a leak.
    private static readonly string Key = "AKIA" + "Q7ZL2MXW9RTKD3VB", Value = "q9Zr4LmX" + "w7TkV2bNc5Hy8JdP3sGf";

    /// <summary>Kind, where, words of what is said, and how to break the healthy repository.</summary>
    private static readonly (string Kind, string Where, string Says, Action<Sample> Break)[] Broken =
    [
        ("template-prose", "README.md:", "\"Limits\": 1 of 2 passages", s => s.Edit("README.md", "## Limits\n", $"## Limits\n\n{Sample.Theirs}\n")),
        ("empty-section", "README.md:30", "\"Later\" has 0 words", s => s.Edit("README.md", "in the release.\n", "in the release.\n\n## Later\n")),
        ("thin-section", "README.md:30", "\"Later\" has 3 words", s => s.Edit("README.md", "in the release.\n", "in the release.\n\n## Later\n\nTo be done.\n")),
        ("unbacked-number", "README.md:18", "97.3 %", s => s.Edit("README.md", "81.2 %", "97.3 %")),
        ("unbacked-number", Own, "0.93", s => s.Edit(Own, "# Try 5\n", "# Try 5\n\nIt brought the share to 0.93 in a try that nobody kept.\n")),
        ("unbacked-superlative", "README.md:18", "\"state-of-the-art\" is no result", s => s.Edit("README.md", "are right", "are state-of-the-art")),
        ("unbacked-superlative", "README.md:18", "\"outperforms\" without an interval", s => s.Edit("README.md", "are right", "are right, which outperforms the other one")),
        ("broken-file", "README.md:5", "\"headline\" is not closed", s => s.Edit("README.md", "<!-- /evidence -->\n", "")),
        ("broken-file", "README.md:12", "code fence is not closed", s => s.Edit("README.md", "## What broke\n", "```bash\nls\n\n## What broke\n")),
        ("broken-file", "results/main/metrics.json:1", "no valid JSON", s => s.Write("results/main/metrics.json", "{\"rows\":[")),
        ("no-git", ".", "no git repository", s => Directory.Move(s.FullPath(".git"), s.FullPath("runs"))),
        ("uncommitted", "docs/NOTES.md", "1 files of the evidence are not committed", s => s.Write("docs/NOTES.md", "# Notes\n")),
        ("run-of-no-commit", "results/main/run.json", "no commit holds", s => s.Edit("results/main/run.json", "false", "true")),
        ("shipped-run", "results/main/run.json", "20260101T000000Z-theirs came with the template", s => s.Edit("results/main/run.json", "20990101T000000Z-0000aaaa", "20260101T000000Z-theirs")),
        ("shipped-run", "results", "nothing is pinned", s => Directory.Delete(s.FullPath("results"), recursive: true)),
        ("shipped-data", "data/mine.csv", "every data file", s => s.Edit("results/main/run.json", "bbbb", "aaaa")),
        ("no-datasheet", "data/mine.csv", "no DATASHEET.md", s => File.Delete(s.FullPath("data/DATASHEET.md"))),
        ("few-decisions", "docs/decisions", "4 decisions, fewer than 5", s => File.Delete(s.FullPath("docs/decisions/0001-try.md"))),
        ("no-owner-decision", "docs/decisions", "none of 5 decisions", s => s.Edit(Own, "origin: owner", "origin: template")),
        ("copied-decision", Own, "that of docs/decisions/0003-try.md", s => s.Edit(Own, "Guess 5", "Guess 3")),
        ("unmeasured-decision", Own, "no effect", s => s.Edit(Own, "**better**", "not measured")),
        ("no-licence", "LICENSE", "no licence file", s => File.Delete(s.FullPath("LICENSE"))),
        ("no-author", "LICENSE:3", "the authors of this repository", s => s.Edit("LICENSE", "Ada Example", "the authors of this repository")),
        ("secret", "configs/run.yaml:3", "AKIAQ7ZL…", s => s.Edit("configs/run.yaml", "share: 0.3\n", $"share: 0.3\nid: {Key}\n")),
        ("secret", "src/Cli/Call.cs:1", "looks like a key", s => s.Write("src/Cli/Call.cs", $"var apiKey = \"{Value}\";\n")),
        ("large-file", "data/large.bin", "12.0 MB", s =>
        {
            File.WriteAllBytes(s.FullPath("data/large.bin"), new byte[12_000_000]);
            s.Git("add", "data/large.bin");
        }),
    ];

    public static TheoryData<int, string> Kinds => [.. Broken.Select((b, i) => (i, $"{b.Kind}: {b.Says}"))];

    [Fact]
    public void Nothing_is_found_where_the_owner_has_done_everything()
    {
        using var sample = new Sample();
        Assert.Equal([], sample.Findings().Select(f => $"{f.Kind} {f.Where} {f.What}"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_break_is_found_with_its_place_a_reason_and_a_cure(int index, string _)
    {
        var (kind, where, says, damage) = Broken[index];
        using var sample = new Sample();
        damage(sample);
        var found = sample.Findings();
        var one = Assert.Single(found, f => f.Kind == kind && f.What.Contains(says, StringComparison.Ordinal));
        Assert.StartsWith(where, one.Where);
        Assert.True(one.Why.Length > 20 && one.Do.Length > 10);
        Assert.Contains(one.Step, sample.Diagnose().Steps.Select(s => s.Step));
    }

    [Theory]
    [InlineData("The threshold of 0.93 is an assumption, and the next run will tell.")]
    [InlineData("What would you do if 97.3 % of the answers were wrong?")]
    [InlineData("Since 2019 the protocol of RFC 9110 is in force, in version 10.0.2 of `x --n 4711`.")]
    [InlineData("In question T017 the p95 of C4 reads as in [the paper](https://example.org/2024/97.3).")]
    [InlineData("The accuracy of 0.81 comes from decision 0005, and 81 % is the same.")]
    [InlineData("Of the 60 cases the best is at [0.700, 0.900], which results/main says.")]
    public void What_claims_nothing_or_is_backed_is_not_found(string passage)
    {
        using var sample = new Sample();
        sample.Edit("README.md", "## Limits\n", $"## Limits\n\n{passage}\n");
        Assert.DoesNotContain(sample.Findings(), f => f.Kind.StartsWith("unbacked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tests/KeyTests.cs", "apiKey = \"{0}\"")]
    [InlineData("configs/run.yaml", "api_key: ${{OPENAI_API_KEY}}")]
    [InlineData("configs/run.yaml", "token_sha256: {0}")]
    [InlineData("docs/NOTES.md", "api_key: sk-test-{0}")]
    [InlineData("src/Cli/packages.lock.json", "\"accessKey\": \"{0}\"")]
    public void What_is_no_secret_is_not_found(string file, string line)
    {
        using var sample = new Sample();
        sample.Write(file, string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Value) + "\n");
        Assert.DoesNotContain(sample.Findings(), f => f.Kind == "secret");
    }

    [Fact]
    public void A_large_file_that_git_does_not_track_is_nobodys_burden()
    {
        using var sample = new Sample();
        File.WriteAllBytes(sample.FullPath("models/large.bin"), new byte[12_000_000]);
        Assert.DoesNotContain(sample.Findings(), f => f.Kind == "large-file");
    }
}

using System.Text;
using System.Text.Json.Nodes;

namespace PortfolioProject.Upkeep.Tests;

/// <summary>The verb on repositories in every state: a clear result, never a failure.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task Findings_fail_only_a_strict_call()
    {
        using var sample = new Sample();
        Assert.Equal(0, (await sample.Cli("--strict")).Code);
        sample.Edit("LICENSE", "Ada Example", "the authors of this repository");
        Assert.Equal((0, 1), ((await sample.Cli()).Code, (await sample.Cli("--strict")).Code));
        Assert.Equal(2, (await sample.Cli("--stricter")).Code);
    }

    [Fact]
    public async Task Json_is_alone_on_stdout_and_holds_steps_scores_and_findings()
    {
        using var sample = new Sample();
        File.Delete(sample.FullPath("LICENSE"));
        var (code, text, error) = await sample.Cli("--format", "json");
        Assert.Equal((0, ""), (code, error));
        var page = JsonNode.Parse(text)!;
        Assert.Equal(("sample", "1.2.3"), ((string)page["template"]!, (string)page["version"]!));
        Assert.Equal("no-licence", (string)page["findings"]!.AsArray().Single(f => (string)f!["where"]! == "LICENSE")!["kind"]!);
        Assert.Equal(6, page["steps"]!.AsArray().Count);
        Assert.Equal(7, (double)page["scores"]![0]!["of"]!);
    }

    [Fact]
    public async Task The_table_names_place_reason_cure_step_and_points()
    {
        using var sample = new Sample();
        File.Delete(sample.FullPath("LICENSE"));
        var (_, text, _) = await sample.Cli();
        Assert.Contains("no-licence (1), step run\n  LICENSE: no licence file\n  why: ", text);
        Assert.Matches(@"monitoring +7 +7  Breck et al. 2017", text);
        Assert.Matches("memo +yes", text);
        var (_, all, _) = await sample.Cli("--all");
        Assert.Contains("    1  dependency changes are noticed: README.md:", all);
    }

    [Fact]
    public async Task An_almost_empty_repository_gets_a_diagnosis()
    {
        using var sample = new Sample(committed: false);
        foreach (var entry in new DirectoryInfo(sample.Root).GetFileSystemInfos().Where(e => e.Name is not (".mlportfolio.json" or "tools")))
            if (entry is DirectoryInfo folder) folder.Delete(recursive: true);
            else entry.Delete();
        var (code, text, error) = await sample.Cli("--all");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("no-licence", text);
        Assert.Contains("0 of 6 steps done", text);
        Assert.Equal(0, (await sample.Cli("--defend")).Code);
    }

    [Theory]
    [InlineData("results/main/run.json", "[1, 2]")]
    [InlineData("results/main/run.json", "{\"id\":7,\"data\":{\"a\":1}}")]
    [InlineData("results/main/metrics.json", "{\"rows\":[null,3,{\"name\":1,\"value\":\"x\",\"interval\":[1]}]}")]
    [InlineData("results/main/latency.json", "{\"rows\":[{\"p99\":\"fast\"}]}")]
    [InlineData("docs/decisions/0005-try.md", "---\ntitle: [broken\n")]
    [InlineData("docs/decisions/0005-try.md", "")]
    [InlineData("configs/gates.yaml", "gates: [ {metric: accuracy, variant: good, margin: 1.2.3} ")]
    [InlineData("README.md", "#")]
    [InlineData("README.md", "---\n")]
    [InlineData("README.md", "|||\n|---|\n```\n<!-- /evidence -->\n<!-- evidence:a -->\n99999999999999999999999999999999999999999999999999 %\n")]
    [InlineData("tools/Upkeep/SHIPPED.txt", "")]
    [InlineData("docs/DIGITS.md", "DIGITS\n")]
    [InlineData("docs/LONG.md", "|----------------------------------------------------------------------------------------------x\n")]
    [InlineData(".github/workflows/ci.yml", "\0\0")]
    [InlineData("LICENSE/nested", "a folder in the place of a file")]
    public async Task Broken_files_are_no_failure(string file, string text)
    {
        using var sample = new Sample();
        if (File.Exists(sample.FullPath("LICENSE")) && file.StartsWith("LICENSE/", StringComparison.Ordinal)) File.Delete(sample.FullPath("LICENSE"));
        sample.Write(file, text.Replace("DIGITS", new string('7', 1_000_000), StringComparison.Ordinal));
        foreach (var arguments in new string[][] { ["--all"], ["--defend"], ["--format", "json"] })
        {
            var (code, output, error) = await sample.Cli(arguments);
            Assert.Equal((0, ""), (code, error));
            Assert.NotEqual("", output);
        }
    }

    [Fact]
    public async Task Binary_endless_and_foreign_files_are_read_by_nobody()
    {
        using var sample = new Sample();
        File.WriteAllBytes(sample.FullPath("docs/picture.md"), [0, 1, 2, 0xFF, 0xFE]);
        File.WriteAllBytes(sample.FullPath("README.md"), Encoding.Latin1.GetBytes("# Übergröße\n\nKein UTF-8, und trotzdem lesbar.\n"));
        if (!OperatingSystem.IsWindows()) System.Diagnostics.Process.Start("mkfifo", [sample.FullPath("docs/pipe.md")]).WaitForExit();
        using (var huge = File.Create(sample.FullPath("docs/huge.md"))) huge.SetLength(3L << 30);
        File.CreateSymbolicLink(sample.FullPath("docs/loop"), sample.FullPath("docs"));
        var (code, text, error) = await sample.Cli("--all");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("findings;", text);
    }

    [Fact]
    public void A_file_that_cannot_be_read_any_more_is_listed()
    {
        using var sample = new Sample();
        var snapshot = new Snapshot(sample.Root);
        File.Delete(sample.FullPath("LICENSE"));
        Assert.Null(snapshot.Text("LICENSE"));
        Assert.Contains(ProseReview.Of(snapshot), f => f.Kind == "broken-file" && f.Where == "LICENSE" && f.What.StartsWith("cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_list_of_what_shipped_it_says_what_is_missing()
    {
        using var sample = new Sample();
        File.Delete(sample.FullPath(ShippedList.Path));
        var (code, text, error) = await sample.Cli();
        Assert.Equal((2, ""), (code, text));
        Assert.Contains("tools/Upkeep/SHIPPED.txt: no such file", error);
        Assert.Contains("version control", error);
    }
}

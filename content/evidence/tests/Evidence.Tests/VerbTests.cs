using System.CommandLine;
using System.Text.Json.Nodes;

namespace PortfolioProject.Evidence.Tests;

public sealed class VerbTests : IDisposable
{
    private readonly Sample _sample = new(pinned: false);

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Pin_writes_results_charts_and_blocks()
    {
        var run = _sample.Evaluate();
        var (code, output, error) = await _sample.Cli("pin", "latest");
        Assert.Equal((0, $"pinned {run.Manifest.Id} as results/main\n", ""), (code, output, error));
        Assert.Equal(["accuracy.svg", "cases.jsonl", "latency.json", "metrics.json", "run.json", "timings.jsonl"],
            Directory.GetFiles(_sample.FullPath("results/main")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in new[] { "run.json", "cases.jsonl", "timings.jsonl", "metrics.json", "latency.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(run.Folder, file)), File.ReadAllBytes(_sample.FullPath("results/main/" + file)));
        Assert.Contains("Accuracy 0.", _sample.Read("README.md"));
    }

    [Fact]
    public async Task Pin_replaces_the_whole_folder_and_pins_several_kinds()
    {
        _sample.Write("results/main/stale.svg", "");
        _sample.Evaluate();
        _sample.Evaluate(kind: "bench");
        Assert.Equal(0, (await _sample.Cli("pin", "latest", "latest/bench")).Code);
        Assert.False(File.Exists(_sample.FullPath("results/main/stale.svg")));
        Assert.Equal("bench", Run.Load(_sample.FullPath("results/bench")).Manifest.Kind);
        Assert.Equal(0, (await _sample.Cli("pin", "results/main")).Code);
    }

    [Fact]
    public async Task Pin_refuses_unfinished_runs_and_shards()
    {
        using (var writer = RunWriter.Start(_sample.Root, _sample.Manifest()))
            Assert.Equal(4, (await _sample.Cli("pin", writer.Manifest.Id)).Code);
        var (code, _, error) = await _sample.Cli("pin", _sample.Evaluate(shard: "1/2").Manifest.Id);
        Assert.Equal(2, code);
        Assert.Contains("Merge all shards", error);
        Assert.False(Directory.Exists(_sample.FullPath("results")));
    }

    [Fact]
    public async Task Merge_joins_shards_by_name()
    {
        var shards = Enumerable.Range(1, 2).Select(s => _sample.Evaluate(Sample.Cases().Where(c => int.Parse(c.Case[1..]) % 2 == s - 1), $"{s}/2").Folder).ToArray();
        var (code, output, _) = await _sample.Cli(["merge", .. shards]);
        Assert.Equal(0, code);
        Assert.StartsWith("merged 180 cases into runs/", output);
        Assert.Equal(4, (await _sample.Cli("merge", shards[0])).Code);
    }

    [Fact]
    public async Task Compare_prints_a_table_with_a_verdict()
    {
        _sample.Evaluate();
        var (code, output, _) = await _sample.Cli("compare", "latest:null", "latest:good", "--metric", "accuracy", "--slice", "type");
        Assert.Equal(0, code);
        var line = output.Split('\n').First(l => l.StartsWith("accuracy  ", StringComparison.Ordinal));
        Assert.Matches(@"^accuracy +0\.\d{3} +0\.\d{3} +\+0\.\d{3} +\[0\.\d{3}, 0\.\d{3}\] +< 0\.001 +< 0\.001 +0\.\d{3} +60 +20 +0 +better$", line);
        Assert.Contains("accuracy type=numeric", output);
        Assert.DoesNotContain("cost", output);
    }

    [Fact]
    public async Task Compare_of_two_runs_takes_every_shared_variant()
    {
        var (first, second) = (_sample.Evaluate(), _sample.Evaluate(Sample.Cases(good: 0.2).Where(c => c.Variant != "fair")));
        var (code, output, _) = await _sample.Cli("compare", first.Folder, second.Folder, "--format", "json");
        Assert.Equal(0, code);
        var pairs = JsonNode.Parse(output)!.AsArray();
        Assert.Equal([$"{second.Manifest.Id}:good", $"{second.Manifest.Id}:null"], pairs.Select(p => (string?)p!["candidate"]));
        Assert.Equal(["worse", "noEvidence"], pairs.Select(p => (string?)p!["comparisons"]![0]!["verdict"]));
    }

    [Theory]
    [InlineData("error: --metric: unknown metric \"acuracy\". Did you mean \"accuracy\"?\n", "compare", "latest", "latest", "--metric", "acuracy")]
    [InlineData("error: nowhere: no such run; expected a folder", "compare", "nowhere", "latest")]
    [InlineData("error: latest:goood", "compare", "latest:goood", "latest")]
    [InlineData("error: Required argument missing", "compare", "latest")]
    [InlineData("error: ", "chek")]
    [InlineData("error: ", "check", "--format", "xml")]
    public async Task Usage_errors_exit_2_with_one_line_on_stderr(string begins, params string[] arguments)
    {
        _sample.Evaluate();
        var (code, output, error) = await _sample.Cli(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(begins.Replace("latest:goood", ""), error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Help_explains_itself_with_an_example() => Assert.Contains("Example: compare", (await _sample.Cli("compare", "--help")).Out);

    [Fact]
    public async Task Unexpected_failures_exit_4_and_show_a_stack_trace_only_when_asked()
    {
        static RootCommand Boom()
        {
            var command = new Command("boom");
            command.SetAction(int (ParseResult _) => throw new AggregateException(new InvalidOperationException("disk on fire"), new InvalidOperationException("and under water")));
            return new RootCommand { command };
        }

        var (quiet, loud) = (new StringWriter(), new StringWriter());
        Assert.Equal(4, await Host.Main(Boom(), ["boom"], quiet, quiet, TestContext.Current.CancellationToken));
        Assert.Equal("error: disk on fire\n", quiet.ToString());
        Assert.Equal(4, await Host.Main(Boom(), ["boom", "--verbose"], loud, loud, TestContext.Current.CancellationToken));
        Assert.Contains("   at ", loud.ToString());
    }

    [Fact]
    public async Task An_interrupt_cancels_and_exits_4()
    {
        using var stop = new CancellationTokenSource();
        var command = new Command("wait");
        command.SetAction(async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), token);
            return 0;
        });
        var error = new StringWriter();
        Assert.Equal(4, await Host.Main(new() { command }, ["wait"], error, error, stop.Token));
        Assert.Equal("stopped: what was finished is kept; --resume goes on\n", error.ToString());
    }

    [Fact]
    public void Errors_say_where_what_was_expected_what_was_found_and_what_to_do()
    {
        var e = new UserError("wrong value", "a.yaml", 3, 5, "x.y", "a number", UserError.Quote("b"), "Mend it");
        Assert.Equal("a.yaml:3:5: x.y: wrong value; expected a number, got \"b\". Mend it", e.Message);
        Assert.Equal("x: bad", new UserError("bad", field: "x").Message);
    }

    [Fact]
    public void Tables_align_numbers_to_the_right()
    {
        var output = new StringWriter();
        Screen.WriteTable(output, ["name", "n"], [["a", "5"], ["long name", "+10"]]);
        Assert.Equal("name         n\n---------  ---\na            5\nlong name  +10\n", output.ToString());
    }
}

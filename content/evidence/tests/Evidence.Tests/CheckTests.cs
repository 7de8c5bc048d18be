namespace PortfolioProject.Evidence.Tests;

/// <summary>Each saboteur breaks one thing in a green repository; `check` must go red and say what.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly Sample _sample = new();

    public void Dispose() => _sample.Dispose();

    private async Task Red(string names, int code = 1)
    {
        var (exit, output, error) = await _sample.Cli("check");
        Assert.True(exit == code && output.Contains(names), $"exit {exit}, wanted {code} and \"{names}\" in\n{output}{error}");
    }

    [Fact]
    public async Task A_freshly_pinned_repository_is_green()
    {
        var (exit, output, _) = await _sample.Cli("check");
        Assert.True(exit == 0, output);
        Assert.DoesNotContain("error", output);
        Assert.Contains("PASS", output);
        Assert.Matches(@"Accuracy 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] over 180 cases, 1 of 1 decisions, data own\.", _sample.Read("README.md"));
        Assert.Matches(@"\+0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]: better", _sample.Read("docs/decisions/0001-read-twice.md"));
    }

    [Fact]
    public async Task A_number_edited_in_the_readme_is_found_with_its_line()
    {
        _sample.Edit("README.md", "over 180 cases", "over 181 cases");
        await Red("over 180 cases, 1 of 1 decisions, data own.\", got \"");
    }

    [Fact]
    public async Task A_block_without_a_template_is_an_error()
    {
        _sample.Edit("README.md", "prose", "<!-- evidence:nothing -->\n<!-- /evidence -->");
        await Red("no template for evidence block \"nothing\"");
    }

    [Fact]
    public async Task An_unclosed_block_is_an_error_with_its_line()
    {
        _sample.Edit("README.md", "prose", "<!-- evidence:headline -->");
        await Red("README.md:10: evidence block \"headline\" is not closed");
    }

    [Fact]
    public async Task An_unknown_metric_in_a_template_is_an_error()
    {
        _sample.Edit("docs/blocks/headline.hbs", "rows \"accuracy\"", "rows \"acuracy\"");
        await Red("Did you mean \"accuracy\"?");
    }

    [Fact]
    public async Task An_edited_chart_is_found()
    {
        _sample.Edit("results/main/accuracy.svg", "accuracy (share)", "accuracy (percent)");
        await Red("results/main/accuracy.svg: differs");
        File.Delete(_sample.FullPath("results/main/accuracy.svg"));
        await Red("results/main/accuracy.svg: differs");
    }

    [Fact]
    public async Task An_edited_metric_is_found()
    {
        var row = Run.Load(_sample.FullPath("results/main")).LoadMetrics().Find("accuracy", "good")!;
        _sample.Edit("results/main/metrics.json", $"\"value\": {row.Value!.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}", "\"value\": 0.99");
        await Red("accuracy of good: claimed 0.990");
    }

    [Fact]
    public async Task An_edited_count_is_found()
    {
        _sample.Edit("results/main/metrics.json", "\"n\": 60", "\"n\": 61");
        await Red("(n 61, clusters 20, unscored 0; good: Higher)");
    }

    [Fact]
    public async Task An_edited_latency_is_found()
    {
        _sample.Edit("results/main/latency.json", "\"p50\": 30", "\"p50\": 3");
        await Red("latency.json: differs from what timings.jsonl gives");
    }

    [Fact]
    public async Task A_removed_case_is_found()
    {
        var lines = _sample.Read("results/main/cases.jsonl").Split('\n');
        _sample.Write("results/main/cases.jsonl", string.Join('\n', lines.Skip(1)));
        await Red("run.json counts 180 cases, the file holds 179");
    }

    [Fact]
    public async Task A_record_that_no_metric_reads_is_found_when_it_is_edited_and_cannot_be_pinned()
    {
        _sample.Edit("results/main/cases.jsonl", "Übergröße < 7", "Übergröße > 7");
        await Red("results/main/cases.jsonl: not what the run wrote");
        var pinned = await _sample.Cli("pin", _sample.FullPath("results/main"));
        Assert.Equal(2, pinned.Code);
        Assert.Contains("cases.jsonl is not what the run wrote", pinned.Error);
        Assert.Contains("Übergröße > 7", _sample.Read("results/main/cases.jsonl"));
    }

    [Fact]
    public async Task A_digest_that_was_removed_is_found()
    {
        _sample.Edit("results/main/run.json", "casesSha256", "casesSha257");
        await Red("results/main/cases.jsonl: not what the run wrote");
    }

    [Fact]
    public async Task A_block_that_was_taken_out_of_every_document_is_found()
    {
        var readme = _sample.Read("README.md");
        var (from, to) = (readme.IndexOf("<!-- evidence:headline -->", StringComparison.Ordinal), readme.IndexOf("prose", StringComparison.Ordinal));
        _sample.Write("README.md", readme[..from] + readme[to..]);
        await Red("docs/blocks/headline.hbs: no document quotes this block");
        File.Delete(_sample.FullPath("docs/blocks/headline.hbs"));
        Assert.Equal(0, (await _sample.Cli("check")).Code);
    }

    [Fact]
    public async Task A_changed_outcome_is_found_by_its_metrics()
    {
        var line = _sample.Read("results/main/cases.jsonl").Split('\n').First(l => l.Contains("\"good\"") && l.Contains("\"accuracy\":0"));
        _sample.Edit("results/main/cases.jsonl", line, line.Replace("\"accuracy\":0", "\"accuracy\":1"));
        await Red("accuracy of good: claimed");
    }

    [Fact]
    public async Task A_broken_case_line_is_named_by_file_and_line()
    {
        _sample.Edit("results/main/cases.jsonl", "{\"case\":\"q01\",\"variant\":\"fair\"", "{\"case\":\"q01\",\"variant\":");
        await Red("cases.jsonl:2");
    }

    [Fact]
    public async Task A_missing_results_file_is_an_error()
    {
        File.Delete(_sample.FullPath("results/main/run.json"));
        await Red("not a run: it holds no run.json");
    }

    [Fact]
    public async Task An_edited_data_file_is_found()
    {
        _sample.Write("data/questions.jsonl", "{ }\n");
        await Red("data/questions.jsonl: changed since the published run");
    }

    [Fact]
    public async Task A_missing_data_file_is_found()
    {
        File.Delete(_sample.FullPath("data/questions.jsonl"));
        await Red("data/questions.jsonl: missing");
    }

    [Fact]
    public async Task An_added_data_file_is_found()
    {
        _sample.Write("data/more.jsonl", "{}\n");
        await Red("data/more.jsonl: added since the published run");
    }

    [Theory]
    [InlineData("metric: accuracy", "metric: acuracy", "Did you mean \"accuracy\"?")]
    [InlineData("origin: owner", "origin: me", "expected one of template, owner")]
    [InlineData("results/main:good", "results/main:goood", "Did you mean \"good\"?")]
    [InlineData("results/main:good", "results/other:good", "no such run")]
    [InlineData("results/main:good", "latest:good", "a decision rests on pinned runs")]
    [InlineData("results/main:good", "results/main", "which variant?")]
    [InlineData("---\ntitle", "title", "no front matter")]
    public async Task A_broken_decision_is_found(string from, string to, string says)
    {
        _sample.Edit("docs/decisions/0001-read-twice.md", from, to);
        await Red("docs/decisions/0001-read-twice.md");
        await Red(says);
    }

    [Fact]
    public async Task An_edited_effect_of_a_decision_is_found()
    {
        _sample.Edit("docs/decisions/0001-read-twice.md", ": better", ": much better");
        await Red("docs/decisions/0001-read-twice.md:13");
    }

    [Fact]
    public void A_decision_may_rest_on_a_slice()
    {
        _sample.Edit("docs/decisions/0001-read-twice.md", "metric: accuracy", "metric: accuracy\nslice: type=numeric");
        var decision = Assert.Single(new Publication(_sample.Portfolio).Decisions);
        Assert.Equal(("type=numeric", 20), (decision.Effect!.Slice, decision.Effect.N));
    }

    [Fact]
    public async Task A_block_without_a_template_is_an_error_before_anything_is_measured()
    {
        using var fresh = new Sample(pinned: false);
        fresh.Edit("README.md", "prose", "<!-- evidence:nothing -->\n" + Publication.Unmeasured + "<!-- /evidence -->");
        Assert.Contains("no template for evidence block \"nothing\"", (await fresh.Cli("check")).Out);
    }

    [Fact]
    public async Task All_findings_are_printed_at_once()
    {
        _sample.Edit("README.md", "over 180 cases", "over 181 cases");
        _sample.Write("data/questions.jsonl", "{ }\n");
        _sample.Edit("docs/decisions/0001-read-twice.md", "origin: owner", "origin: me");
        await Red("README.md:4");
        await Red("data/questions.jsonl: changed");
        await Red("origin");
    }

    [Fact]
    public async Task A_degraded_candidate_fails_the_gate()
    {
        _sample.Evaluate(Sample.Cases(good: 0.3));
        await Red("gate accuracy of good");
        await Red("FAIL");
    }

    [Fact]
    public async Task A_run_on_other_data_is_not_judged()
    {
        _sample.Evaluate(Sample.Cases(good: 0.3), data: "data/other/questions.jsonl");
        var (exit, output, _) = await _sample.Cli("check");
        Assert.True(exit == 0 && !output.Contains("FAIL"), output);
    }

    [Fact]
    public async Task A_candidate_of_few_shared_cases_is_no_regression_but_incomplete()
    {
        _sample.Evaluate(Sample.Cases().Where(c => int.Parse(c.Case[1..]) < 50));
        await Red("INFRA", code: 4);
    }

    [Fact]
    public async Task Too_many_unscored_cases_are_incomplete()
    {
        _sample.Evaluate(Sample.Cases(unscored: i => i % 10 == 0));
        await Red("6 of 60 cases unscored", code: 4);
    }

    [Fact]
    public async Task An_inconclusive_gate_exits_3_and_only_warns_in_ci_unless_strict()
    {
        var before = Environment.GetEnvironmentVariable("CI");
        try
        {
            Environment.SetEnvironmentVariable("CI", null);
            _sample.Evaluate(Sample.Cases(good: 0.72));
            await Red("INCONCLUSIVE", code: 3);
            Environment.SetEnvironmentVariable("CI", "true");
            var (code, _, error) = await _sample.Cli("check");
            Assert.Equal(0, code);
            Assert.StartsWith("warning: a gate is inconclusive", error);
            _sample.Write("configs/gates.yaml", _sample.Read("configs/gates.yaml") + "strict: true\n");
            await Red("INCONCLUSIVE", code: 3);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CI", before);
        }
    }

    [Fact]
    public async Task No_gate_at_all_is_an_error()
    {
        _sample.Write("configs/gates.yaml", "gates: []\n");
        await Red("no gate");
    }

    [Fact]
    public async Task A_gate_on_an_unknown_metric_is_an_error()
    {
        _sample.Write("configs/gates.yaml", "gates:\n  - {metric: acuracy, variant: good, margin: 0.05}\n");
        await Red("Did you mean \"accuracy\"?");
        _sample.Write("configs/gates.yaml", "gates:\n  - {metric: accuracy, variant: good, margin: -0.05}\n");
        await Red("configs/gates.yaml:2");
    }

    [Fact]
    public async Task The_templates_own_checks_run_too()
    {
        var portfolio = new Lazy<Portfolio>(() => _sample.Portfolio with { Checks = [new Check("lint", () => [new(Severity.Warning, "q7", "tiny"), new(Severity.Error, "q8", "leaked")])] });
        var output = new StringWriter();
        Assert.Equal(1, await Host.Main(new() { SharedVerbs.Check(portfolio) }, ["check"], output, output, TestContext.Current.CancellationToken));
        Assert.Matches("lint +warning +q7: tiny\nlint +error +q8: leaked", output.ToString());
    }

    [Fact]
    public async Task An_unmeasured_repository_passes_only_while_its_blocks_say_so()
    {
        using var fresh = new Sample(pinned: false);
        var (code, output, _) = await fresh.Cli("check");
        Assert.Equal(1, code);
        Assert.Contains("README.md:4", output);
        new Publication(fresh.Portfolio).RenderAll();
        (code, output, _) = await fresh.Cli("check");
        Assert.True(code == 0, output);
        Assert.Contains("nothing pinned yet", output);
        Assert.Contains("*not measured: `dotnet run", fresh.Read("README.md"));
        fresh.Edit("README.md", "*not measured:", "*0.99 and not measured:");
        Assert.Equal(1, (await fresh.Cli("check")).Code);
    }

    [Fact]
    public async Task Check_prints_json_alone_on_stdout()
    {
        var (_, output, _) = await _sample.Cli("check", "--format", "json");
        var rows = System.Text.Json.Nodes.JsonNode.Parse(output)!.AsArray();
        Assert.Equal("PASS", (string?)rows[^1]!["result"]);
    }
}

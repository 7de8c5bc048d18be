using System.Text.RegularExpressions;
using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>Judges of every kind, good and bad, played by the protocol server over a run of forty questions and forty labelled items.</summary>
public sealed class JudgeTests : IDisposable
{
    private const string Rubric = "---\nname: judge\nversion: 1\n---\n# System\n\nGrade.\n\n# User\n\n{{context}}\n\nQuestion: {{question}}\n";
    private const int Items = 40;
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Verdict(string verdict) => JsonSerializer.Serialize(new { reason = "because", verdict });

    /// <summary>What the request shows: the reference and one or two answers.</summary>
    private static (string Reference, string First, string? Second) Shown(JsonObject body)
    {
        var match = Regex.Match((string)body["messages"]![1]!["content"]!, "Reference:\n(.*?)\n\n(?:Answer|First answer):\n(.*?)\n\n(?:Second answer:\n(.*?)\n\n)?Question: ", RegexOptions.Singleline);
        return (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Success ? match.Groups[3].Value : null);
    }

    private static string Good(JsonObject body)
    {
        var (reference, first, second) = Shown(body);
        return Verdict(second is null ? first == reference ? "5" : "1" : (first == reference) == (second == reference) ? "tie" : first == reference ? "first" : "second");
    }

    private void Write(string url, bool pairs, int labels = Items, int repeats = 1)
    {
        _bench.Write(".mlportfolio.json", """{"template":"mlportfolio-evalharness","version":"0.0.0"}""");
        _bench.Write("prompts/judge-v1.md", Rubric);
        _bench.Write("configs/prices.yaml", "models:\n  - { model: test-model, as_of: 2026-01-01, currency: EUR, source: made up, input: 0.5, cached_input: 0.125, output: 2 }\n");
        _bench.Write("configs/calls.yaml", "timeout_seconds: 20\nfirst_delay_seconds: 0.001\nmax_delay_seconds: 0.01\nmax_tries: 3\n");
        _bench.Write("configs/models/judge.yaml", $"model: test-model\nbase_url: {url}\nkey_variable: {Bench.KeyVariable}\nprompt: prompts/judge-v1.md\n");
        _bench.Write("configs/judge.yaml", $"model: configs/models/judge.yaml\nlabels: data/labels.jsonl\nrepeats: {repeats}\nkappa_floor: 0.6\n");
        string Line(int i) => pairs ? JsonSerializer.Serialize(new { id = $"L{i:00}", question = $"label {i}", reference = "right", a = i % 2 == 0 ? "right" : "wrong", b = i % 2 == 0 ? "wrong" : "right", label = i % 2 == 0 ? "a" : "b", by = "a test" })
            : JsonSerializer.Serialize(new { id = $"L{i:00}", question = $"label {i}", reference = "right", a = i % 2 == 0 ? "right" : "wrong", label = i % 2 == 0 ? "5" : "1", by = "a test" });
        _bench.Write("data/labels.jsonl", string.Concat(Enumerable.Range(0, labels).Select(i => Line(i) + "\n")));
    }

    /// <summary>Variant "a" is right on every second question, "b" on every fourth.</summary>
    private Operand Answers(string variant) => new(new Run("", Provenance.Describe(_bench.Root, "main", "run", new { }, 7, []), [.. new[] { "a", "b" }.SelectMany(v => Enumerable.Range(0, Items).Select(i => new CaseRecord
    {
        Case = $"q{i:00}",
        Variant = v,
        Cluster = $"document {i % 20}",
        Outcome = "Correct",
        Tags = new Dictionary<string, string> { ["split"] = "test", ["answerable"] = "yes" },
        Detail = new JsonObject { ["question"] = $"question {i}", ["golds"] = new JsonArray("right"), ["answer"] = i % (v == "a" ? 2 : 4) == 0 ? "right" : "wrong" },
    }))], []), variant);

    private Run Judge(bool pairs, string mode = "record") =>
        new JudgeRun(_bench.Root, ChatModels.Load(_bench.Root, mode)).Execute("judge", Answers("a"), pairs ? Answers("b") : null, false, (_, _) => { }, Cancellation);

    [Fact]
    public async Task A_judge_that_agrees_with_the_labels_is_believed_and_replays_to_the_same_bytes()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good);
        Write(server.BaseUrl, pairs: true);
        var run = Judge(pairs: true);
        var metrics = run.LoadMetrics();
        var kappa = metrics.Find("judge-kappa", "calibration")!;
        Assert.Equal((1.0, 1.0, Items, null), (kappa.Value, kappa.Interval!.Low, kappa.N, kappa.Flag));
        var preference = metrics.Find("judge-preference", "b over a")!;
        Assert.Equal((0.375, Items, 20, 0), (preference.Value, preference.N, preference.Clusters, preference.Unscored)); // ten lost, thirty tied
        Assert.Equal(0, metrics.Find("judge-abstained", "b over a")!.Value);
        Assert.Null(metrics.Find("judge-score", "b over a"));
        Assert.Equal((130, 160), (server.Requests, (int)run.Manifest.Resources!["models"]![0]!["calls"]!)); // both orders; thirty pairs of equal answers are one request in either order
        string Cases(Run r) => File.ReadAllText(Path.Combine(r.Folder, "cases.jsonl"));
        Assert.Equal(Cases(run), Cases(Judge(pairs: true, "replay-or-fail")));
        Assert.Equal(130, server.Requests);
    }

    [Fact]
    public async Task A_judge_that_always_says_first_flips_on_every_item_and_is_suppressed()
    {
        await using var server = await ProtocolServer.StartAsync(answer: _ => Verdict("first"));
        Write(server.BaseUrl, pairs: true);
        var run = Judge(pairs: true);
        var metrics = run.LoadMetrics();
        Assert.All(run.Cases, c => Assert.Equal("abstained", c.Outcome));
        Assert.Equal(1, metrics.Find("judge-abstained", "b over a")!.Value);
        var kappa = metrics.Find("judge-kappa", "calibration")!;
        Assert.Equal((0.0, 0.0), (kappa.Value, kappa.Interval!.Low));
        Assert.Contains("under the floor 0.6; most frequent reply \"first\", 160 of 160", kappa.Flag);
        Assert.Null(metrics.Find("judge-preference", "b over a")!.Value);
    }

    [Fact]
    public async Task A_judge_that_always_says_five_is_suppressed_although_it_has_a_score_for_everything()
    {
        await using var server = await ProtocolServer.StartAsync(answer: _ => Verdict("5"));
        Write(server.BaseUrl, pairs: false);
        var run = Judge(pairs: false);
        Assert.All(run.Cases, c => Assert.Equal(5, c.Values["judge-score"]));
        var (kappa, score) = (run.LoadMetrics().Find("judge-kappa", "calibration")!, run.LoadMetrics().Find("judge-score", "a")!);
        Assert.Equal((0.0, 0.0), (kappa.Value, kappa.Interval!.High));
        Assert.Contains("most frequent reply \"5\", 80 of 80", kappa.Flag);
        Assert.Equal((null, 0, Items), (score.Value, score.N, score.Unscored));
    }

    private string Block(Run run)
    {
        var portfolio = new Portfolio { Root = _bench.Root, Metrics = JudgeMetrics.Definitions, Measure = HarnessPortfolio.Measure };
        var template = File.ReadAllText(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "docs/blocks/judge.hbs"));
        return new Renderer(portfolio, run.LoadMetrics(), LatencyTable.Measure(run.Timings)).Render(template, new JsonObject { ["judge"] = ReportModel.Rates(run, run.LoadMetrics()) }, "judge.hbs");
    }

    [Fact]
    public async Task The_block_shows_what_is_believed_and_says_why_the_rest_is_suppressed()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good);
        Write(server.BaseUrl, pairs: true);
        Assert.Matches(@"\| b over a \|  \| 0\.375 \[", Block(Judge(pairs: true)));
        await using var biased = await ProtocolServer.StartAsync(answer: _ => Verdict("first"));
        Write(biased.BaseUrl, pairs: true);
        var block = Block(Judge(pairs: true));
        Assert.Contains("| b over a |  | suppressed | 1.000 [1.000, 1.000] |", block);
        Assert.Contains("calibration: suppressed: kappa's lower bound 0.000 is under the floor 0.6; most frequent reply \"first\"", block);
    }

    [Fact]
    public async Task Scores_of_a_good_judge_stand()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good);
        Write(server.BaseUrl, pairs: false);
        var metrics = Judge(pairs: false).LoadMetrics();
        Assert.Equal((3.0, Items), (metrics.Find("judge-score", "a")!.Value, metrics.Find("judge-score", "a")!.N));
        Assert.Equal(1, metrics.Find("judge-kappa", "calibration")!.Value);
    }

    [Theory]
    [InlineData("I prefer the first")]
    [InlineData("""{"reason":"because","verdict":"both"}""")]
    [InlineData("""{"reason":"because","verdict":"first","score":1}""")]
    [InlineData("""{"verdict":"first"}""")]
    public async Task A_reply_without_form_is_an_outcome_of_its_own_and_agrees_with_no_label(string reply)
    {
        await using var server = await ProtocolServer.StartAsync(answer: _ => reply);
        Write(server.BaseUrl, pairs: true);
        var run = Judge(pairs: true);
        Assert.All(run.Cases, c => Assert.Equal("unparsed", c.Outcome));
        Assert.Equal((1, 0), (run.LoadMetrics().Find("judge-unparsed", "b over a")!.Value, run.LoadMetrics().Find("judge-kappa", "calibration")!.Value));
    }

    [Fact]
    public async Task The_majority_of_repeats_is_the_verdict_and_without_one_it_abstains()
    {
        var asked = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        await using var server = await ProtocolServer.StartAsync(answer: question => Verdict(question switch
        {
            "split" => $"{3 + (asked.AddOrUpdate(question, 1, (_, n) => n + 1) % 3)}",
            "odd one out" => asked.AddOrUpdate(question, 1, (_, n) => n + 1) == 2 ? "1" : "4",
            _ => "2",
        }));
        var judge = _bench.Models(Bench.Calls with { Cassettes = CassetteMode.Live }).Judge(Bench.Chat(server.BaseUrl), 3);
        async Task<(string?, double)> Grade(string question) => await judge.GradeAsync(new JudgeItem("x", question, "r", "a"), Cancellation) is var j ? (j.Verdict, Math.Round(j.Consistency, 3)) : default;
        Assert.Equal(("abstained", 0.333), await Grade("split"));
        Assert.Equal(("4", 0.667), await Grade("odd one out"));
        Assert.Equal(("2", 1), await Grade("steady"));
    }

    [Fact]
    public async Task Fewer_than_thirty_labels_suppress_whatever_kappa_is()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good);
        Write(server.BaseUrl, pairs: true, labels: 29);
        var metrics = Judge(pairs: true).LoadMetrics();
        Assert.Equal((1.0, "suppressed: 29 labels of this kind, 30 needed"), (metrics.Find("judge-kappa", "calibration")!.Value, metrics.Find("judge-kappa", "calibration")!.Flag));
        Assert.Null(metrics.Find("judge-preference", "b over a")!.Value);
    }

    [Fact]
    public async Task Labels_of_the_other_kind_do_not_count()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good);
        Write(server.BaseUrl, pairs: false);
        Assert.Equal("suppressed: 0 labels of this kind, 30 needed", Judge(pairs: true).LoadMetrics().Find("judge-kappa", "calibration")!.Flag);
    }

    [Fact]
    public async Task A_call_that_fails_for_good_is_an_infrastructure_error_of_its_item_alone()
    {
        await using var server = await ProtocolServer.StartAsync(answerTo: Good, fault: (question, _) => question is "question 3" or "label 4" ? Fault.Error500 : null);
        Write(server.BaseUrl, pairs: true);
        var run = Judge(pairs: true);
        Assert.Equal(["q03", "L04"], run.Cases.Where(c => c.Outcome == "InfraError").Select(c => c.Case));
        var metrics = run.LoadMetrics();
        Assert.Equal((Items - 1, Items - 1), (metrics.Find("judge-preference", "b over a")!.N, metrics.Find("judge-kappa", "calibration")!.N));
        Assert.Equal(1, metrics.Find("judge-abstained", "b over a")!.Unscored);
    }

    [Fact]
    public void Without_an_answer_on_record_it_says_what_to_do()
    {
        Write("http://127.0.0.1:9/v1", pairs: true);
        var error = Assert.ThrowsAny<Exception>(() => Judge(pairs: true, "replay-or-fail"));
        Assert.Contains("--cassettes record", (error as AggregateException)?.InnerException!.Message ?? error.Message);
    }

    [Theory]
    [InlineData("""{"id":"x","question":"q","reference":"r","a":"1","b":"2","label":"5","by":"me"}""", "a, b, tie")]
    [InlineData("""{"id":"x","question":"q","reference":"r","a":"1","label":"a","by":"me"}""", "1, 2, 3, 4, 5")]
    [InlineData("""{"id":"x","question":"q","reference":"r","a":"1","label":"5"}""", "by: a field is missing")]
    [InlineData("""{"id":"x","question":"q","reference":"r","a":1,"label":"5","by":"me"}""", "a: a value is not usable")]
    [InlineData("{", "not JSON")]
    [InlineData("{\"id\":\"x\",\"question\":\"q\",\"reference\":\"r\",\"a\":\"1\",\"label\":\"5\",\"by\":\"me\"}\n{\"id\":\"x\",\"question\":\"q\",\"reference\":\"r\",\"a\":\"1\",\"label\":\"5\",\"by\":\"me\"}", "twice")]
    public void A_label_that_is_none_is_refused(string line, string named)
    {
        _bench.Write("labels.jsonl", line + "\n");
        Assert.Contains(named, Assert.Throws<UserError>(() => JudgeItem.Read(Path.Combine(_bench.Root, "labels.jsonl"))).Message);
    }

    [Fact]
    public void The_shipped_labels_are_enough_of_each_kind_and_say_that_no_person_made_them()
    {
        var items = JudgeItem.Read(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "data/judge/constructed-labels.jsonl"));
        Assert.Equal((48, 48), (items.Count(i => i.B is not null), items.Count(i => i.B is null)));
        Assert.All(items, i => Assert.StartsWith("constructed: ", i.By));
    }
}

using System.ComponentModel;
using System.Diagnostics;
using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>Systems over HTTP: the protocol server's /ask, and the Python example as a process of its own.</summary>
public sealed class HttpReaderTests : IDisposable
{
    private const string UrlVariable = "HTTP_READER_TESTS_URL";
    private static readonly Corpus Corpus = new([new Document("pumps", "", "Pump 1 starts at 2.5 bar. Pump 2 starts at 4 bar.")]);
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static HttpConfig Config => new() { Service = "test", Version = 1, UrlVariable = UrlVariable, KeyVariable = Bench.KeyVariable };

    private HttpReader Reader(CassetteMode mode = CassetteMode.Live, HttpConfig? config = null) =>
        _bench.Models(Bench.Calls with { Cassettes = mode, MaxTries = 3, TimeoutSeconds = 2 }).Service(config ?? Config, Corpus);

    private async Task<(Reading Reading, ProtocolServer Server)> Ask(string reply, Fault? fault = null)
    {
        await using var server = await ProtocolServer.StartAsync((_, _) => fault, _ => reply);
        Environment.SetEnvironmentVariable(UrlVariable, server.BaseUrl.Replace("/v1", "/ask"));
        return (await Task.Run(() => Reader().Read("Where does pump 1 start?", [])), server);
    }

    [Fact]
    public async Task An_answer_is_read_with_the_places_that_it_cites()
    {
        var (reading, server) = await Ask("""{"answer":" 2.5 bar ","citations":[{"document":"pumps","quote":"starts at 2.5 bar"},{"document":"pumps","start":0,"end":6}],"confidence":0.25}""");
        Assert.Equal(("2.5 bar", 0.25, "pumps", 7, 24), (reading.Answer, reading.Confidence, reading.DocumentId, reading.Start, reading.End));
        Assert.Equal([("starts at 2.5 bar", 7), ("Pump 1", 0)], reading.Citations!.Select(c => (c.Text, c.Start)));
        Assert.Equal((null, null), (reading.Call!.Problem, reading.Call.Failure));
        Assert.Equal("Where does pump 1 start?", (string?)Assert.Single(server.Bodies)["question"]);
        Assert.Equal("Bearer " + Bench.Key, server.Authorization);
    }

    [Fact]
    public async Task An_answer_of_null_declines()
    {
        var (reading, _) = await Ask("""{"answer":null,"citations":[]}""");
        Assert.Equal((null, null), (reading.Answer, reading.Call!.Problem));
    }

    [Theory]
    [InlineData("2.5 bar")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"answer":"2.5 bar"}""")]
    [InlineData("""{"citations":[]}""")]
    [InlineData("""{"answer":3,"citations":[]}""")]
    [InlineData("""{"answer":" ","citations":[]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":null}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[null]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[],"mood":"good"}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[],"confidence":2}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"valves","quote":"bar"}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps"}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps","quote":""}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps","quote":"starts at 3 bar"}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps","start":4,"end":4}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps","start":-1,"end":4}]}""")]
    [InlineData("""{"answer":"2.5 bar","citations":[{"document":"pumps","start":0,"end":50}]}""")]
    public async Task A_reply_without_the_agreed_form_is_an_outcome_of_its_own_and_not_asked_again(string reply)
    {
        var (reading, server) = await Ask(reply);
        Assert.Null(reading.Answer);
        Assert.False(string.IsNullOrWhiteSpace(reading.Call!.Problem));
        Assert.Equal((null, 1), (reading.Call.Failure, server.Requests));
    }

    [Theory]
    [InlineData(Fault.Error500, 3, "Server after 3 tries: HTTP 500")]
    [InlineData(Fault.TooMany, 3, "RateLimited after 3 tries")]
    [InlineData(Fault.NotFound404, 1, "Rejected after 1 try: HTTP 404")]
    [InlineData(Fault.Reset, 3, "Connection after 3 tries")]
    [InlineData(Fault.ResetInBody, 3, "Connection after 3 tries")]
    [InlineData(Fault.Stall, 3, "Timeout after 3 tries")]
    public async Task Failures_of_the_line_are_bounded_and_are_the_cases_own(Fault fault, int tries, string failure)
    {
        var (reading, server) = await Ask("""{"answer":"2.5 bar","citations":[]}""", fault);
        Assert.Equal((null, null, tries), (reading.Answer, reading.Call!.Problem, server.Requests));
        Assert.StartsWith(failure, reading.Call.Failure);
        Assert.DoesNotContain(Bench.Key, reading.Call.Failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("nowhere")]
    [InlineData("http://[")]
    [InlineData("ftp://127.0.0.1/")]
    public void An_address_that_nobody_answers_is_a_failure(string url)
    {
        Environment.SetEnvironmentVariable(UrlVariable, url);
        var reading = Reader().Read("q", []);
        Assert.Null(reading.Answer);
        Assert.StartsWith("Connection after 3 tries", reading.Call!.Failure);
    }

    [Fact]
    public async Task A_reply_of_megabytes_is_a_failure()
    {
        var (reading, _) = await Ask($$"""{"answer":"{{new string('x', 2_000_000)}}","citations":[]}""");
        Assert.StartsWith("Connection after 3 tries", reading.Call!.Failure);
    }

    [Fact]
    public async Task What_was_recorded_is_replayed_for_the_same_version_of_the_service_only()
    {
        await using var server = await ProtocolServer.StartAsync(answer: _ => $$"""{"answer":"2.5 bar {{Bench.Key}}","citations":[]}""");
        Environment.SetEnvironmentVariable(UrlVariable, server.BaseUrl.Replace("/v1", "/ask"));
        for (var i = 0; i < 2; i++) Assert.Equal("2.5 bar ***", Reader(CassetteMode.Record).Read("q", []).Answer);
        Reader(CassetteMode.Record).Read("q", [], repeat: 1);
        Assert.Equal(2, server.Requests);
        Environment.SetEnvironmentVariable(UrlVariable, null);
        Assert.Equal("2.5 bar ***", Reader(CassetteMode.ReplayOrFail).Read("q", []).Answer);
        Assert.Throws<UserError>(() => Reader(CassetteMode.ReplayOrFail, Config with { Version = 2 }).Read("q", []));
        Assert.All(_bench.Files, f => Assert.DoesNotContain(Bench.Key, File.ReadAllText(f)));
    }

    [Fact]
    public async Task What_a_system_over_HTTP_retrieved_is_not_measured_and_what_it_cites_is()
    {
        await using var server = await ProtocolServer.StartAsync(answer: _ => """{"answer":"2.5 bar","citations":[{"document":"pumps","quote":"2.5 bar"},{"document":"pumps","quote":"4 bar"}]}""");
        Environment.SetEnvironmentVariable(UrlVariable, server.BaseUrl.Replace("/v1", "/ask"));
        _bench.Write("configs/prices.yaml", "models: []\n");
        _bench.Write("configs/calls.yaml", "max_tries: 1\n");
        _bench.Write("configs/models/http.yaml", $"service: test\nversion: 1\nurl_variable: {UrlVariable}\n");
        var config = new SystemConfig
        {
            Name = "h",
            About = "A test system.",
            Chunker = new() { Type = ChunkerType.Sentence, Size = 100 },
            Retriever = new() { Type = RetrieverType.None },
            Reader = new() { Type = ReaderType.Http, Model = "configs/models/http.yaml" },
        };
        var system = new SystemBuilder(Corpus, 1, 10, ChatModels.Load(_bench.Root, "live")).Build(config);
        var question = new Question { Id = "q", Text = "?", Answers = ["2.5 bar"], Split = "test", Spans = [new("pumps", 17, 24, "2.5 bar", Corpus.Find("pumps")!.Sha256)] };
        var data = new Dataset("d", Corpus, [question], new Dictionary<string, IReadOnlyDictionary<string, int>> { ["q"] = new Dictionary<string, int> { ["pumps"] = 1 } }, [], []);
        var utility = new UtilityConfig { Correct = 1, Partial = 0.5, Incorrect = -1, CorrectAbstention = 0.5, OverAbstention = -0.5, Hallucination = -2 };
        var (record, _) = new CaseEvaluator(data, utility).Evaluate(system, question);
        Assert.Equal(["accuracy", "answer-contained", "citation-precision", "em", "f1", "over-abstention", "quote-faithfulness", "utility"], record.Values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1, 0.5, 1), (record.Values["accuracy"], record.Values["citation-precision"], record.Values["quote-faithfulness"]));
        Assert.Equal("pumps@17", (string?)record.Detail!["cited"]);
    }

    [Fact]
    public void The_Python_example_answers_in_the_agreed_form()
    {
        var root = Repository.FindRoot(AppContext.BaseDirectory);
        using var python = Python(root);
        try
        {
            Environment.SetEnvironmentVariable(UrlVariable, python.StandardOutput.ReadLine());
            var corpus = Corpus.LoadFolder(Path.Combine(root, "data/handbook/corpus"));
            var reader = _bench.Models(Bench.Calls with { Cassettes = CassetteMode.Live }).Service(Config, corpus);
            var found = reader.Read("Which six community halls were granted the rebate in 2025?", []);
            Assert.Equal((null, null), (found.Call!.Failure, found.Call.Problem));
            Assert.Equal("tariff-2025", found.DocumentId);
            Assert.Equal(found.Answer, corpus.Find("tariff-2025")!.Text[found.Start..found.End]);
            var declined = reader.Read("zebra xylophone quasar", []);
            Assert.Equal((null, null, null), (declined.Answer, declined.Call!.Failure, declined.Call.Problem));
        }
        finally { python.Kill(); }
    }

    private static Process Python(string root)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["examples/http_system.py", "--port", "0"]) { WorkingDirectory = root, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no python3 on this machine");
            throw;
        }
    }
}

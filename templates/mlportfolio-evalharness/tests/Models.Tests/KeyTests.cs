using System.Diagnostics.Tracing;
using System.Text;

namespace PortfolioProject.Models.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task The_key_is_sent_and_stands_in_no_cassette_exception_text_or_log()
    {
        using var bench = new Bench();
        using var log = new Log();
        var faults = Enum.GetValues<Fault>().Where(f => f is not (Fault.TooManyForASecond or Fault.TooManyUntilADate)).ToList();
        await using var server = await ProtocolServer.StartAsync((question, _) => Enum.TryParse<Fault>(question, out var f) ? f : null, question => "echo " + Bench.Key + question);
        var models = bench.Models(Bench.Calls with { MaxTries = 2, TimeoutSeconds = 1 });
        var reader = models.Reader(Bench.Chat(server.BaseUrl));
        var texts = new StringBuilder($"{reader} {models} {Bench.Chat(server.BaseUrl)} {Bench.Calls} {models.Client(Bench.Chat(server.BaseUrl))}");
        var failures = 0;
        foreach (var question in faults.Select(f => $"{f}").Append("none"))
        {
            try { texts.Append(await reader.ReadAsync(question, Bench.Context, cancellation: TestContext.Current.CancellationToken)); }
            catch (ModelCallException e)
            {
                failures++;
                texts.Append(e).Append(JsonSerializer.Serialize(e.Data));
            }
        }

        Assert.Equal("Bearer " + Bench.Key, server.Authorization);
        Assert.Equal(15, failures);
        Assert.Equal(faults.Count + 1 - failures, bench.Files.Length);
        Assert.Contains("***", texts.ToString());
        Assert.DoesNotContain(Bench.Key, texts.ToString());
        Assert.All(Directory.GetFiles(bench.Root, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain(Bench.Key, File.ReadAllText(f)));
        Assert.DoesNotContain(Bench.Key, log.Text);
    }

    [Fact]
    public async Task A_key_that_is_not_set_is_named_by_its_variable()
    {
        using var bench = new Bench();
        var reader = bench.Models().Reader(Bench.Chat("http://127.0.0.1:9/v1") with { KeyVariable = "MODELS_TESTS_NO_SUCH_KEY" });
        var error = await Assert.ThrowsAsync<UserError>(() => reader.ReadAsync("q", Bench.Context, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("MODELS_TESTS_NO_SUCH_KEY", error.Message);
    }

    [Theory]
    [InlineData("ftp://host/v1")]
    [InlineData("host/v1")]
    [InlineData("https://user:secret@host/v1")]
    [InlineData("https://host/v1?api-key=secret")]
    public void An_endpoint_with_a_secret_in_it_is_refused_without_repeating_it(string url)
    {
        using var bench = new Bench();
        Assert.DoesNotContain("secret", Assert.Throws<UserError>(() => bench.Models().Reader(Bench.Chat(url))).Message);
    }

    private sealed class Log : EventListener
    {
        private readonly StringBuilder _text = new();

        public string Text
        {
            get { lock (_text) return _text.ToString(); }
        }

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name.StartsWith("System.ClientModel", StringComparison.Ordinal) || source.Name is "System.Net.Http" or "Polly") EnableEvents(source, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs e)
        {
            lock (_text) _text.AppendJoin(' ', e.Payload ?? (IEnumerable<object?>)[]).Append('\n');
        }
    }
}

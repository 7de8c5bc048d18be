using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>What chat systems would cost, before anything is paid and after.</summary>
public sealed class CostTests : IDisposable
{
    private const string Corpus = "# Pumps\n\nPump 1 starts at 1.5 bar.\nPump 22 starts at 2.5 bar.";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private Run Evaluate(string url, string mode)
    {
        _bench.Write(".mlportfolio.json", """{"template":"mlportfolio-evalharness","version":"0.0.0"}""");
        _bench.Write("data/pumps/corpus/pumps.md", Corpus + "\n");
        _bench.Write("data/pumps/questions.jsonl", """
            {"id":"q1","question":"Where does pump 1 start?","answers":["1.5 bar"],"split":"test"}
            {"id":"q2","question":"Where does pump 22 start?","answers":["2.5 bar"],"split":"test"}
            {"id":"q3","question":"Which?","answerable":false,"split":"test"}
            {"id":"q4","question":"A question of dev, which counts for nothing here?","answerable":false,"split":"dev"}
            """);
        _bench.Write("configs/prices.yaml", """
            models:
              - { model: dear, as_of: 2026-01-01, currency: EUR, source: made up, input: 10, cached_input: 1, output: 40 }
              - { model: test-model, as_of: 2026-01-01, currency: EUR, source: made up, input: 0.5, cached_input: 0.125, output: 2 }
              - { model: vectors, as_of: 2026-01-01, currency: EUR, source: made up, input: 0.5, cached_input: 0.5, output: 0 }
            """);
        _bench.Write("configs/calls.yaml", "timeout_seconds: 20\nmax_tries: 1\n");
        _bench.Write("configs/models/v1.yaml", $"model: test-model\nbase_url: {url}\nkey_variable: {Bench.KeyVariable}\nprompt: prompts/ask-v1.md\n");
        _bench.Write("configs/systems/full.yaml", "name: full\nabout: A test system.\nchunker: { type: sentence, size: 1000000 }\nretriever: { type: corpus_order }\nreader: { type: chat, model: configs/models/v1.yaml }\ncontext_budget: 1000000\nrepeats: 2\n");
        _bench.Write("configs/systems/bm25.yaml", "name: bm25\nabout: A test system.\nchunker: { type: sentence, size: 120 }\nretriever: { type: bm25 }\nreader: { type: extractive }\n");
        _bench.Write("configs/run.yaml", """
            seed: 7
            data: { path: data/pumps }
            systems: configs/systems
            baseline: bm25
            resamples: 100
            utility: { correct: 1, partial: 0.5, incorrect: -0.5, correct_abstention: 0.25, over_abstention: -0.25, hallucination: -1 }
            sweep: { budgets: [100], chunkers: [{ type: fixed, size: 60 }] }
            """);
        var config = RunConfig.Load(Path.Combine(_bench.Root, "configs", "run.yaml"), []);
        return new EvaluationRun(_bench.Root, config, SystemConfig.LoadAll(_bench.Root, config.Systems), Dataset.Load(_bench.Root, config.Data.Path), ChatModels.Load(_bench.Root, mode))
            .Execute("run", null, false, (_, _) => { }, TestContext.Current.CancellationToken);
    }

    private static List<(string Model, bool Measured, double Prompt, double Reply, double Thousand, double Million)> Costs(Run run) =>
        [.. ReportModel.Of(run, run.LoadMetrics(), [])["costs"]!.AsArray().Select(c =>
            ((string)c!["model"]!, (bool)c["measured"]!, (double)c["prompt"]!, (double)c["reply"]!, Math.Round((double)c["thousand"]!, 9), Math.Round((double)c["million"]!, 6)))];

    [Fact]
    public void Before_a_call_is_paid_the_prompt_is_measured_in_characters_and_the_price_table_does_the_rest()
    {
        var run = Evaluate("http://127.0.0.1:9/v1", "replay-or-fail");
        Assert.Equal(["bm25"], run.Variants);
        // The messages as sent: "Answer from the passages.", then "[1] (pumps)\n" and the corpus, "\n\nQuestion: " and the question.
        var prompt = (25 + 12 + Corpus.Length + 12 + ((24 + 25 + 6) / 3.0)) / 4;
        var replies = new[] { "1.5 bar", "2.5 bar" }.Select(a => ProtocolServer.Reply(true, a, [1], "").Length).Append(ProtocolServer.Reply(false, "", [1], "").Length).Average() / 4;
        var costs = Costs(run);
        Assert.Equal(["dear", "test-model"], costs.Select(c => c.Model));
        Assert.All(costs, c => Assert.Equal((false, Math.Round(prompt, 9), Math.Round(replies, 9)), (c.Measured, Math.Round(c.Prompt, 9), Math.Round(c.Reply, 9))));
        Assert.Equal(Math.Round(((prompt * 10) + (replies * 40)) / 1_000_000 * 1000, 9), costs[0].Thousand);
        Assert.Equal(Math.Round((prompt * 0.5) + (replies * 2), 6), costs[1].Million);
    }

    [Fact]
    public async Task Once_calls_were_paid_their_billed_tokens_count_by_the_call_and_not_by_the_question()
    {
        await using var server = await ProtocolServer.StartAsync();
        var run = Evaluate(server.BaseUrl, "record");
        var billed = ((string[])["Where does pump 1 start?", "Where does pump 22 start?", "Which?", "A question of dev, which counts for nothing here?"]).Select(ProtocolServer.TokensOf).ToList();
        var (input, output) = (billed.Average(t => t.Input), billed.Average(t => t.Output));
        Assert.Equal([("dear", true, input, output), ("test-model", true, input, output)], Costs(run).Select(c => (c.Model, c.Measured, c.Prompt, c.Reply)));
        Assert.Equal(Math.Round((input * 0.5) + (output * 2), 6), Costs(run)[1].Million);
    }
}

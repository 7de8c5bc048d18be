namespace PortfolioProject.Models.Tests;

/// <summary>A temporary repository with one prompt, a price table and a key, and models that talk to a server.</summary>
public sealed class Bench : IDisposable
{
    public const string Key = "sk-do-not-tell-0123456789", KeyVariable = "MODELS_TESTS_KEY";

    public const string PromptText = "---\nname: ask\nversion: 1\n---\n# System\n\nAnswer from the passages.\n\n# User\n\n{{context}}\n\nQuestion: {{question}}\n";

    public static readonly PriceTable Prices = new() { Models = [new ModelPrice { Model = "test-model", AsOf = new(2026, 1, 1), Currency = "EUR", Source = "made up", Input = 0.5, CachedInput = 0.125, Output = 2 }] };

    public static readonly IReadOnlyList<Passage> Context =
    [
        new(new Chunk("pumps#0003", "pumps", 3, 100, 150, "The pump at Osk starts\n  at 2.5 bar. It stops later."), 2),
        new(new Chunk("valves#0000", "valves", 0, 0, 30, "A valve closes at 4 bar."), 1),
    ];

    static Bench() => Environment.SetEnvironmentVariable(KeyVariable, Key);

    public Bench() => Write("prompts/ask-v1.md", PromptText);

    public string Root { get; } = Directory.CreateTempSubdirectory("models-").FullName;

    public string Cassettes => Path.Combine(Root, "cassettes");

    public string[] Files => Directory.Exists(Cassettes) ? Directory.GetFiles(Cassettes) : [];

    public static CallConfig Calls => new() { Cassettes = CassetteMode.Record, TimeoutSeconds = 20, FirstDelaySeconds = 0.001, MaxDelaySeconds = 5 };

    public static ChatConfig Chat(string url, string prompt = "prompts/ask-v1.md", string model = "test-model") =>
        new() { Model = model, BaseUrl = url, KeyVariable = KeyVariable, Prompt = prompt, Seed = 7, MaxOutputTokens = 99 };

    /// <summary>What readings took, added up.</summary>
    public static ModelUsage Usage(IEnumerable<ChatReading> readings, PriceTable? prices = null) =>
        readings.Aggregate(ModelUsage.None("test-model", prices ?? Prices), (sum, r) => sum + ModelUsage.Of("test-model", prices ?? Prices, r.Tokens, r.Call));

    public ChatModels Models(CallConfig? calls = null, PriceTable? prices = null) => new(Root, calls ?? Calls, prices ?? Prices, 2026);

    public void Write(string path, string text) => TextFile.Write(Path.Combine(Root, path), text);

    /// <summary>A repository that asks two chat systems, of two prompts, for the pressures of so many pumps.</summary>
    public void WriteEvaluation(string url, int questions, int repeats = 1, string calls = "timeout_seconds: 20\nfirst_delay_seconds: 0.001\nmax_delay_seconds: 0.01\nmax_tries: 3\n")
    {
        Write(".mlportfolio.json", """{"template":"mlportfolio-evalharness","version":"0.0.0"}""");
        Write("prompts/ask-v2.md", PromptText.Replace("version: 1", "version: 2").Replace("Answer from", "Answer briefly from"));
        Write("data/pumps/corpus/pumps.md", "# Pumps\n\n" + string.Concat(Enumerable.Range(1, questions).Select(i => $"Pump {i} starts at {i}.5 bar.\n")));
        Write("data/pumps/questions.jsonl", string.Concat(Enumerable.Range(1, questions).Select(i => JsonSerializer.Serialize(new
        {
            id = $"q{i:00}",
            question = $"At what pressure does pump {i} start?",
            answers = new[] { $"{i}.5 bar" },
            split = "test",
        }) + "\n")));
        Write("configs/prices.yaml", "models:\n  - { model: test-model, as_of: 2026-01-01, currency: EUR, source: made up, input: 0.5, cached_input: 0.125, output: 2 }\n");
        Write("configs/calls.yaml", calls);
        foreach (var version in new[] { 1, 2 })
        {
            Write($"configs/models/v{version}.yaml", $"model: test-model\nbase_url: {url}\nkey_variable: {KeyVariable}\nprompt: prompts/ask-v{version}.md\n");
            Write($"configs/systems/chat-v{version}.yaml", $"name: chat-v{version}\nabout: A test system.\nrepeats: {repeats}\nchunker: {{ type: sentence, size: 120 }}\nretriever: {{ type: bm25 }}\nreader: {{ type: chat, model: configs/models/v{version}.yaml }}\n");
        }
        Write("configs/run.yaml", """
            seed: 7
            data: { path: data/pumps }
            systems: configs/systems
            baseline: chat-v1
            retrieval_depth: 20
            resamples: 200
            utility: { correct: 1, partial: 0.5, incorrect: -0.5, correct_abstention: 0.25, over_abstention: -0.25, hallucination: -1 }
            sweep: { budgets: [100], chunkers: [{ type: fixed, size: 60 }] }
            """);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

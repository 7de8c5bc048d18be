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

    public ChatModels Models(CallConfig? calls = null, PriceTable? prices = null) => new(Root, calls ?? Calls, prices ?? Prices, 2026);

    public void Write(string path, string text) => TextFile.Write(Path.Combine(Root, path), text);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

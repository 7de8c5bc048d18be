using System.Text.Json;
using System.Text.Json.Serialization;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>A repository in a temporary folder: four short documents, eight questions in two clusters, three systems.</summary>
internal sealed class TinyRepository : IDisposable
{
    public static readonly IReadOnlyDictionary<string, string> Documents = new Dictionary<string, string>
    {
        ["boilers"] = "# Boilers\n\nThe north boiler runs at 70 °C. The south boiler runs at 90 °C and was built in 1998.\n",
        ["pumps"] = "# Pumps\n\nPump P1 delivers 40 litres a second. Pump P2 is inspected every six months by the duty engineer.\n",
        ["tariff"] = "# Tariff\n\nHeat costs 79.50 euros a megawatt hour in 2026. The standing charge is 180 euros a year.\n",
        ["meters"] = "# Meters\n\nA meter is read on the first working day of the month. A broken seal is reported to the billing desk.\n",
    };

    public TinyRepository(IEnumerable<Question>? questions = null)
    {
        Write(".mlportfolio.json", """{"template":"mlportfolio-evalharness","version":"0.0.0"}""");
        foreach (var (id, text) in Documents) Write($"data/tiny/corpus/{id}.md", text);
        WriteQuestions(questions ?? Questions());
        Write("configs/run.yaml", """
            seed: 7
            threads: 2
            data:
              path: data/tiny
            systems: configs/systems
            baseline: bm25
            retrieval_depth: 20
            resamples: 200
            utility: { correct: 1, partial: 0.5, incorrect: -0.5, correct_abstention: 0.5, over_abstention: -0.25, hallucination: -1 }
            sweep:
              budgets: [60, 200]
              chunkers:
                - { type: fixed, size: 60 }
                - { type: sentence, size: 120 }
            """);
        Write("configs/systems/bm25.yaml", SystemFile("bm25", "{ type: bm25 }", "{ type: extractive, answer: span, threshold: auto }"));
        Write("configs/systems/null-random.yaml", SystemFile("null-random", "{ type: random }", "{ type: passage }") + "null_system: true\n");
        Write("configs/systems/null-abstain.yaml", SystemFile("null-abstain", "{ type: constant }", "{ type: abstain }") + "null_system: true\n");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("tiny-repository-").FullName;

    public static IReadOnlyList<Question> Questions() =>
    [
        Ask("q1", "dev", "What temperature does the north boiler run at?", "70 °C", "boilers", "The north boiler runs at 70 °C."),
        Ask("q2", "dev", "When was the south boiler built?", "1998", "boilers", "was built in 1998"),
        Ask("q3", "dev", "How many litres a second does pump P1 deliver?", "40", "pumps", "Pump P1 delivers 40 litres a second."),
        Decline("q4", "dev", "Who painted the north boiler?", "boilers"),
        Ask("q5", "test", "What does heat cost a megawatt hour in 2026?", "79.50 euros", "tariff", "Heat costs 79.50 euros a megawatt hour in 2026."),
        Ask("q6", "test", "How much is the standing charge a year?", "180 euros", "tariff", "The standing charge is 180 euros a year."),
        Ask("q7", "test", "Who is told about a broken seal?", "the billing desk", "meters", "A broken seal is reported to the billing desk."),
        Decline("q8", "test", "What does a new meter cost?", "meters"),
    ];

    public static Question Ask(string id, string split, string text, string answer, string document, string quote)
    {
        var start = Documents[document].IndexOf(quote, StringComparison.Ordinal);
        return new Question
        {
            Id = id,
            Text = text,
            Answers = [answer],
            Split = split,
            Cluster = split,
            Source = document,
            Type = "single-span",
            Difficulty = "easy",
            Spans = [new GoldSpan(document, start, start + quote.Length, quote, new Document(document, "", Documents[document]).Sha256)],
        };
    }

    public static Question Decline(string id, string split, string text, string source) =>
        new() { Id = id, Text = text, Answerable = false, Split = split, Cluster = split, Source = source, Type = "near-miss", Difficulty = "hard" };

    public void WriteQuestions(IEnumerable<Question> questions) =>
        Write("data/tiny/questions.jsonl", string.Concat(questions.Select(q => JsonSerializer.Serialize(q, new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }) + "\n")));

    public string Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public Dataset Data() => Dataset.Load(Root, "data/tiny");

    public EvaluationRun Evaluation(params string[] overrides)
    {
        var config = RunConfig.Load(Path.Combine(Root, "configs", "run.yaml"), overrides);
        return new EvaluationRun(Root, config, SystemConfig.LoadAll(Root, config.Systems), Data());
    }

    public Run Run(params string[] overrides) => Evaluation(overrides).Execute("run", null, false, (_, _) => { }, CancellationToken.None);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string SystemFile(string name, string retriever, string reader) =>
        $"name: {name}\nabout: A test system.\nchunker: {{ type: sentence, size: 120 }}\nretriever: {retriever}\nreader: {reader}\n";
}

using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>
/// Chat models as the evaluation needs them: a system's <c>reader.model</c> names a file with a <see cref="ChatConfig"/>; how calls are made
/// stands in configs/calls.yaml, what they cost in configs/prices.yaml.
/// </summary>
public sealed class ChatSystems(string root, ChatModels models) : IChatSystems
{
    public int Parallel => models.Calls.MaxParallel;

    public static IChatSystems Create(string root, string mode) => new ChatSystems(root, ChatModels.Load(root, mode));

    public JsonNode? Usage(IEnumerable<TimingRecord> timings) => Sum(timings);

    internal static JsonNode? Sum(IEnumerable<TimingRecord> timings) => JsonSerializer.SerializeToNode(timings.SelectMany(t => t.Detail?["calls"]?.AsArray() ?? [])
        .Select(c => c.Deserialize<ModelUsage>(JsonSerializerOptions.Web)!).GroupBy(u => u.Model).Select(g => g.Aggregate((a, b) => a + b)).OrderBy(u => u.Model, StringComparer.Ordinal), JsonSerializerOptions.Web);

    public string? WhyNot(SystemConfig system)
    {
        var variable = Config(system).KeyVariable;
        var folder = Path.Combine(root, models.Calls.Folder);
        return models.Calls.Cassettes is CassetteMode.Live or CassetteMode.Record
            ? string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)) ? $"{variable} is not set" : null
            : Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.json").Any() ? null
            : $"no answer of its model is on record; {variable}=… dotnet run --project src/Cli -- run --cassettes record";
    }

    public IReader Reader(SystemConfig system) => models.Reader(Config(system));

    public object Inputs(SystemConfig system) => new { Chat = Config(system), Prompt = Prompt.Read(Path.Combine(root, Config(system).Prompt)).Id };

    private ChatConfig Config(SystemConfig system) => StrictYaml.Read<ChatConfig>(Path.Combine(root, system.Reader.Model!));
}

using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>
/// Chat models as the evaluation needs them: a system's <c>reader.model</c> names a file with a <see cref="ChatConfig"/>; how calls are made
/// stands in configs/calls.yaml, what they cost in configs/prices.yaml.
/// </summary>
public sealed class ChatSystems : IChatSystems
{
    private const int RetryStream = 50;
    private readonly string _root;
    private readonly CallConfig _calls;
    private readonly ChatModels _models;

    private ChatSystems(string root, CallConfig calls)
    {
        (_root, _calls) = (root, calls);
        _models = new ChatModels(root, calls, StrictYaml.Read<PriceTable>(Path.Combine(root, "configs", "prices.yaml")), RetryStream);
    }

    public int Parallel => _calls.MaxParallel;

    public JsonNode? Usage(IEnumerable<TimingRecord> timings) => JsonSerializer.SerializeToNode(timings.SelectMany(t => t.Detail?["calls"]?.AsArray() ?? [])
        .Select(c => c.Deserialize<ModelUsage>(JsonSerializerOptions.Web)!).GroupBy(u => u.Model).Select(g => g.Aggregate((a, b) => a + b)).OrderBy(u => u.Model, StringComparer.Ordinal), JsonSerializerOptions.Web);

    public static IChatSystems Create(string root, string mode) =>
        new ChatSystems(root, StrictYaml.Read<CallConfig>(Path.Combine(root, "configs", "calls.yaml"), ["cassettes=" + mode]));

    public string? WhyNot(SystemConfig system)
    {
        var variable = Config(system).KeyVariable;
        var folder = Path.Combine(_root, _calls.Folder);
        return _calls.Cassettes is CassetteMode.Live or CassetteMode.Record
            ? string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)) ? $"{variable} is not set" : null
            : Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.json").Any() ? null
            : $"no answer of its model is on record; {variable}=… dotnet run --project src/Cli -- run --cassettes record";
    }

    public IReader Reader(SystemConfig system) => _models.Reader(Config(system));

    public object Inputs(SystemConfig system) => new { Chat = Config(system), Prompt = Prompt.Read(Path.Combine(_root, Config(system).Prompt)).Id };

    private ChatConfig Config(SystemConfig system) => StrictYaml.Read<ChatConfig>(Path.Combine(_root, system.Reader.Model!));
}

namespace PortfolioProject.Models;

/// <summary>The whole request as JSON: messages, every option, and under additionalProperties endpoint, prompt version, question and repeat.</summary>
public sealed record CassetteKey(JsonObject Request)
{
    /// <summary>SHA-256 of the request with sorted keys: the cassette's file name.</summary>
    public string Id { get; } = TextFile.Sha256(StrictYaml.Canonical(Request));

    /// <summary>For people: prompt, repeat and question.</summary>
    public string Title => $"{Label("prompt")}, repeat {Label("repeat")}, {UserError.Quote(Label("question"))}";

    public static CassetteKey Of(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        new((JsonObject)JsonSerializer.SerializeToNode(new { messages, options }, AIJsonUtilities.DefaultOptions)!);

    private string? Label(string name) => Request["options"]?["additionalProperties"]?[name]?.ToString();
}

/// <summary>An answer once paid for, with the tokens, time and retries that it took.</summary>
public sealed record Cassette(JsonObject Request, ChatResponse Response, DateTimeOffset Recorded);

/// <summary>Which cassettes no request needs any more, and which requests have none.</summary>
public sealed record StaleReport(IReadOnlyList<CassetteKey> Unused, IReadOnlyList<CassetteKey> Missing);

/// <summary>A folder with one JSON file a cassette. A file is whole or absent, and never expires.</summary>
public sealed class CassetteStore(string folder)
{
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string FileOf(CassetteKey key) => Path.Combine(folder, key.Id + ".json");

    /// <summary>Null when there is none; a <see cref="UserError"/> when the file is not what it says.</summary>
    public Cassette? Find(CassetteKey key) => File.Exists(FileOf(key)) ? Read(FileOf(key)) : null;

    public void Keep(CassetteKey key, ChatResponse response) =>
        TextFile.Write(FileOf(key), JsonSerializer.Serialize(new Cassette(key.Request, response, DateTimeOffset.UtcNow), Json) + "\n");

    /// <summary>Compares the folder with every request that the configurations at hand would make.</summary>
    public StaleReport Stale(IEnumerable<CassetteKey> requests)
    {
        var needed = requests.DistinctBy(k => k.Id).ToDictionary(k => k.Id);
        IEnumerable<string> files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];
        var kept = files.Select(f => new CassetteKey(Read(f).Request)).ToDictionary(k => k.Id);
        return new([.. kept.Values.Where(k => !needed.ContainsKey(k.Id))], [.. needed.Values.Where(k => !kept.ContainsKey(k.Id))]);
    }

    private static Cassette Read(string file)
    {
        try
        {
            var cassette = JsonSerializer.Deserialize<Cassette>(TextFile.Read(file), Json);
            return cassette is { Request: { } request, Response: not null } && new CassetteKey(request).Id == Path.GetFileNameWithoutExtension(file) ? cassette
                : throw new JsonException("its request does not match its name");
        }
        catch (JsonException e) { throw new UserError($"not a cassette: {e.Message}", file, fix: "Restore it from version control, or delete it and record it again"); }
    }
}

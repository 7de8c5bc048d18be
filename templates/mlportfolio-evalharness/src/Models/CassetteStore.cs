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

    /// <summary>All that may change an answer, whatever is asked and how often: model, prompt, endpoint and sampling.</summary>
    public string Settings => StrictYaml.Canonical(new JsonObject(Request["options"]!.AsObject().Where(p => p.Key is not ("responseFormat" or "additionalProperties"))
        .Concat(Request["options"]!["additionalProperties"]!.AsObject().Where(p => p.Key is not ("question" or "repeat"))).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));

    /// <summary>Who is asked, and by which prompt, whatever the version of its text.</summary>
    internal (string? Prompt, string? Model) Asked => (Label("prompt")?.Split('@')[0], (string?)Request["options"]?["modelId"]);

    internal string? Label(string name) => Request["options"]?["additionalProperties"]?[name]?.ToString();
}

/// <summary>An answer once paid for, with the tokens, time and retries that it took: a <see cref="ChatResponse"/> or <see cref="Vectors"/>, as JSON.</summary>
public sealed record Cassette(JsonObject Request, JsonNode Response, DateTimeOffset Recorded);

/// <summary>A folder with one JSON file a cassette. A file is whole or absent, and never expires.</summary>
public sealed class CassetteStore(string folder)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The requests on record, in order of their ids.</summary>
    private IEnumerable<CassetteKey> Recorded => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(f => new CassetteKey(Read<JsonNode>(f).Request)) : [];

    /// <summary>When the run at hand began: its own answers, kept before it was stopped, were paid for by it and count as asked, once.</summary>
    public DateTimeOffset Since { get; set; } = DateTimeOffset.MaxValue;

    public string FileOf(CassetteKey key) => Path.Combine(folder, key.Id + ".json");

    /// <summary>
    /// The answer on record, or that of <paramref name="call"/>, as the mode says. Recording, an answer is kept before it is handed on, and
    /// equal requests at the same time make one call: nothing is paid for twice, not even by a run that was killed and resumed.
    /// </summary>
    /// <exception cref="UserError">No answer is on record and none may be asked for; a file that is not what it says.</exception>
    public async Task<(T Answer, bool Replayed)> AskAsync<T>(CassetteKey key, CassetteMode mode, Func<Task<T>> call, CancellationToken cancellation)
    {
        if (mode == CassetteMode.Live) return (await call(), false);
        var first = _turns.TryAdd(key.Id, new(1));
        var turn = _turns[key.Id];
        await turn.WaitAsync(cancellation);
        try
        {
            if (File.Exists(FileOf(key)) && Read<T>(FileOf(key)) is var kept) return (kept.Response, !first || kept.Recorded < Since);
            if (mode == CassetteMode.ReplayOrFail)
                throw new UserError($"no cassette for {key.Title}", FileOf(key), fix: "Run once with --cassettes record and the model's key set, then commit the folder") { Code = ExitCode.Incomplete };
            var answer = await call();
            var cassette = new Cassette(key.Request, JsonSerializer.SerializeToNode(answer, Json)!, DateTimeOffset.UtcNow);
            if (mode == CassetteMode.Record) TextFile.Write(FileOf(key), JsonSerializer.Serialize(cassette, Json) + "\n");
            return (answer, false);
        }
        finally { turn.Release(); }
    }

    /// <summary>Cassettes whose settings none of these requests has, in order of their files.</summary>
    public IReadOnlyList<CassetteKey> Stale(IEnumerable<CassetteKey> requests)
    {
        var settings = requests.Select(k => k.Settings).ToHashSet();
        return [.. Recorded.Where(k => !settings.Contains(k.Settings))];
    }

    /// <summary>Whether answers of a request's prompt (any version of its text) by its model are on record.</summary>
    public bool Knows(CassetteKey request) => Recorded.Any(k => k.Asked == request.Asked);

    private static (JsonObject Request, T Response, DateTimeOffset Recorded) Read<T>(string file)
    {
        try
        {
            var cassette = JsonSerializer.Deserialize<Cassette>(TextFile.Read(file), Json);
            return cassette is { Request: { } request, Response: { } response } && new CassetteKey(request).Id == Path.GetFileNameWithoutExtension(file) ? (request, response.Deserialize<T>(Json)!, cassette.Recorded)
                : throw new JsonException("its request does not match its name");
        }
        catch (JsonException e) { throw new UserError($"not a cassette: {e.Message}", file, fix: "Restore it from version control, or delete it and record it again"); }
    }
}

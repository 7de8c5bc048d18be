namespace PortfolioProject.Models;

/// <summary>A model and where it is asked.</summary>
public abstract record EndpointConfig
{
    public required string Model { get; init; }

    /// <summary>Where the chat-completions protocol is spoken, such as <c>https://host/v1</c>; without user name, query or key.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Name of the environment variable that holds the key. The key itself is in no file.</summary>
    public required string KeyVariable { get; init; }

    internal Uri Endpoint => Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" } ? uri
        : throw new UserError("not a usable endpoint", field: "base_url", expected: "http(s)://host/path without user name, query or key", got: "something else");
}

/// <summary>The model behind a reader and what it is asked: all that may change an answer.</summary>
public sealed record ChatConfig : EndpointConfig
{
    /// <summary>Prompt file, relative to the repository, such as <c>prompts/answer-v1.md</c>.</summary>
    public required string Prompt { get; init; }

    /// <summary>Null: not sent (some models take none).</summary>
    [Range(0, 2.0)] public double? Temperature { get; init; } = 0;

    /// <summary>Reasoning tokens included.</summary>
    [Range(1, 1_000_000)] public int MaxOutputTokens { get; init; } = 512;

    public long? Seed { get; init; }

    /// <summary>All of a request but its messages.</summary>
    internal ChatOptions Options(Prompt prompt, string question, int repeat, ChatResponseFormat format) => new()
    {
        ModelId = Model,
        Temperature = (float?)Temperature,
        MaxOutputTokens = MaxOutputTokens,
        Seed = Seed,
        ResponseFormat = format,
        AdditionalProperties = new() { ["prompt"] = prompt.Id, ["question"] = question, ["endpoint"] = Endpoint.ToString(), ["repeat"] = repeat },
    };
}

/// <summary>Live: every call is made. Record: what has no cassette is called and kept. Replay: it is called, not kept. ReplayOrFail: nothing is called.</summary>
public enum CassetteMode { Live, Record, Replay, ReplayOrFail }

/// <summary>How calls are made: none of it may change an answer. Part of the run's configuration, shared by all models.</summary>
public sealed record CallConfig
{
    public CassetteMode Cassettes { get; init; } = CassetteMode.ReplayOrFail;

    public string Folder { get; init; } = "cassettes";

    /// <summary>Tries a call gets, the first included.</summary>
    [Range(1, 20)] public int MaxTries { get; init; } = 5;

    /// <summary>Calls in flight at once, over all models.</summary>
    [Range(1, 256)] public int MaxParallel { get; init; } = 16;

    /// <summary>0: no limit. Tries count, and are spread evenly.</summary>
    [Range(0, 1_000_000)] public int RequestsPerMinute { get; init; }

    /// <summary>For one try.</summary>
    [Range(0.001, 3600)] public double TimeoutSeconds { get; init; } = 60;

    /// <summary>Pause after the first failure; it doubles from there.</summary>
    [Range(0.001, 3600)] public double FirstDelaySeconds { get; init; } = 1;

    /// <summary>Longest pause. An endpoint that asks for more has failed.</summary>
    [Range(0.001, 3600)] public double MaxDelaySeconds { get; init; } = 60;
}

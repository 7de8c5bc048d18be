namespace PortfolioProject.Evaluation;

public enum ChunkerType { Fixed, Sentence, Heading }

/// <summary>How documents are cut. Sizes in characters; overlap in characters for fixed chunks, in sentences for sentence chunks.</summary>
public sealed record ChunkerConfig
{
    public required ChunkerType Type { get; init; }
    [Range(50, 1_000_000)] public required int Size { get; init; }
    [Range(0, 1_000_000)] public int Overlap { get; init; }

    /// <summary>Whether a window would begin no later than the one before it.</summary>
    internal bool Stalls => Type == ChunkerType.Fixed && Overlap >= Size;

    public string Name => $"{Type.ToString().ToLowerInvariant()}-{Size}{(Overlap > 0 ? $"+{Overlap}" : "")}";
}

/// <summary>Bm25, lsa, hybrid and embeddings rank by the question, none leaves retrieval to the reader; the others are blind and serve null systems, or readers that see everything.</summary>
public enum RetrieverType { Bm25, Lsa, Hybrid, Embeddings, None, Constant, Random, Longest, CorpusOrder }

public sealed record RetrieverConfig
{
    public required RetrieverType Type { get; init; }
    [Range(0, 1e6)] public double K1 { get; init; } = 1.2;
    [Range(0, 1.0)] public double B { get; init; } = 0.75;
    [Range(1, 10_000)] public int Rank { get; init; } = 100;

    /// <summary>For embeddings: the file that says which model is asked.</summary>
    public string? Model { get; init; }

    /// <summary>Whether a chunk is found by its document's title too; the reader sees the chunk alone either way.</summary>
    public bool Titles { get; init; }

    /// <summary>Whether words are compared without their endings.</summary>
    public bool Stems { get; init; }
}

/// <summary>Chat asks a model, http a system of anyone's. Abstain answers nothing, first_sentence the first sentence of the first passage, passage all of it.</summary>
public enum ReaderType { Extractive, Chat, Http, Abstain, FirstSentence, Passage }

public sealed record ReaderConfig
{
    public required ReaderType Type { get; init; }

    public ExtractGranularity Answer { get; init; } = ExtractGranularity.Sentence;

    /// <summary>Sentences to a window.</summary>
    [Range(1, 100)] public int Window { get; init; } = 1;

    /// <summary>For chat and http: the file that says what is asked, and how.</summary>
    public string? Model { get; init; }

    /// <summary>The reader abstains below this confidence: <c>auto</c> (tuned on dev for utility) or a number from 0 to 1.</summary>
    public string Threshold { get; init; } = "0";
}

/// <summary>One system under test: a file under <c>configs/systems/</c>.</summary>
public sealed record SystemConfig
{
    public required string Name { get; init; }

    /// <summary>What the system is there to show, in a sentence.</summary>
    public required string About { get; init; }

    /// <summary>A system that cannot know the answer. A metric that one of these wins does not measure what it is named after.</summary>
    public bool NullSystem { get; init; }

    public required ChunkerConfig Chunker { get; init; }
    public required RetrieverConfig Retriever { get; init; }
    public required ReaderConfig Reader { get; init; }

    /// <summary>Characters of retrieved text that the reader sees: the same for every chunking, so that chunk size alone buys nothing.</summary>
    [Range(1, int.MaxValue)] public int ContextBudget { get; init; } = 2400;

    /// <summary>Times each question is asked, 1 when not given: for readers that need not answer alike twice.</summary>
    [Range(1, 100)] public int? Repeats { get; init; }

    /// <summary>Whether it asks somebody else: a model or a service.</summary>
    public bool Asks => Reader.Model is not null || Retriever.Model is not null;

    internal bool Retrieves => Retriever.Type != RetrieverType.None;

    /// <summary>Reads every system of a folder, in ordinal order of name.</summary>
    public static IReadOnlyList<SystemConfig> LoadAll(string root, string folder)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
            throw new UserError("there is no such folder of systems", "configs/run.yaml", field: "systems", expected: "a folder with one YAML file a system", got: folder);
        var systems = Directory.GetFiles(path, "*.y*ml").Order(StringComparer.Ordinal)
            .Select(f => Validate(StrictYaml.Read<SystemConfig>(f), $"{folder}/{Path.GetFileName(f)}")).OrderBy(s => s.Name, StringComparer.Ordinal).ToList();
        if (systems.Count == 0) throw new UserError("no system to evaluate", folder, expected: "at least one .yaml file", got: "none");
        return systems;
    }

    private static SystemConfig Validate(SystemConfig system, string file)
    {
        UserError Wrong(string field, string expected, object got) => new("the system is not usable", file, field: field, expected: expected, got: Convert.ToString(got, CultureInfo.InvariantCulture));
        if (Path.GetFileNameWithoutExtension(file) != system.Name) throw Wrong("name", $"the file's name, {Path.GetFileNameWithoutExtension(file)}", system.Name);
        if (system.Chunker.Stalls) throw Wrong("chunker.overlap", "less than the size", system.Chunker.Overlap);
        if ((system.Reader.Type is ReaderType.Chat or ReaderType.Http) == system.Reader.Model is null) throw Wrong("reader.model", "a file for a chat or http reader, and none for another", system.Reader.Model ?? "none");
        if ((system.Retriever.Type == RetrieverType.Embeddings) == system.Retriever.Model is null) throw Wrong("retriever.model", "a file for embeddings, and none for another", system.Retriever.Model ?? "none");
        if ((system.Reader.Type == ReaderType.Http) == system.Retrieves) throw Wrong("retriever.type", "none for an http reader, and another for every other", system.Retriever.Type);
        if (system.Repeats is { } repeats && system.Reader.Model is null) throw Wrong("repeats", "none for a reader that always answers alike", repeats);
        if (system.Reader.Threshold != "auto" && !(double.TryParse(system.Reader.Threshold, CultureInfo.InvariantCulture, out var t) && t is >= 0 and <= 1))
            throw Wrong("reader.threshold", "auto, or a number from 0 to 1", system.Reader.Threshold);
        return system;
    }
}

namespace PortfolioProject.Evaluation;

/// <summary>
/// A place in the corpus that holds the evidence for an answer: UTF-16 offsets, half-open, with the text expected there and the
/// SHA-256 of the whole document, so that an edit of the document is noticed and not silently scored.
/// </summary>
public sealed record GoldSpan(string Document, int Start, int End, string Quote, string Sha256);

/// <summary>One question of the evaluation set, as it stands on a line of <c>questions.jsonl</c>.</summary>
public sealed record Question
{
    /// <summary>Unique name of the question; the case id in every run.</summary>
    public required string Id { get; init; }

    [JsonPropertyName("question")]
    public required string Text { get; init; }

    /// <summary>Acceptable answers; null when none is known, so that answers cannot be graded.</summary>
    public IReadOnlyList<string>? Answers { get; init; }

    /// <summary>False when the corpus does not hold the answer and the right reaction is to abstain.</summary>
    public bool Answerable { get; init; } = true;

    /// <summary><c>dev</c> (thresholds are tuned here) or <c>test</c>; derived from <see cref="Cluster"/> when absent.</summary>
    public string? Split { get; init; }

    /// <summary>Documents that belong together share a cluster, and a cluster is never in both splits.</summary>
    public string? Cluster { get; init; }

    /// <summary>Paraphrases of one question share a group.</summary>
    public string? Group { get; init; }

    public string Type { get; init; } = "unspecified";

    public string Difficulty { get; init; } = "unspecified";

    /// <summary>The document the question was written from (for an unanswerable one: the nearest); intervals are clustered by it.</summary>
    public string? Source { get; init; }

    /// <summary>Why the question is graded as it is; for readers, never for a system.</summary>
    public string? Note { get; init; }

    [JsonPropertyName("evidence")]
    public IReadOnlyList<GoldSpan> Spans { get; init; } = [];

    /// <summary>Length class by words: short (≤ 8), medium (≤ 15), long.</summary>
    [JsonIgnore]
    public string Length => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length switch { <= 8 => "short", <= 15 => "medium", _ => "long" };

    /// <summary>What resampling draws: the source document, or the paraphrase group of a question that has none.</summary>
    [JsonIgnore]
    public string ResamplingUnit => Source ?? (Spans.Count > 0 ? Spans[0].Document : "group:" + (Group ?? Id));
}

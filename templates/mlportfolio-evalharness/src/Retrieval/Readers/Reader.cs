namespace PortfolioProject.Retrieval;

/// <summary>A chunk in a reader's context, with the score it was retrieved by.</summary>
public sealed record Passage(Chunk Chunk, double Score);

/// <summary>
/// What a reader says. <c>Answer</c> null: it abstained. <c>Confidence</c> in [0, 1], also when it abstains. <c>CitedPassage</c>: index into
/// the context, −1 for none; a reader that finds its own evidence gives <c>Citations</c> instead. Start and End: the answer's span in its document's text, half-open, markup included.
/// </summary>
public sealed record Reading(string? Answer, double Confidence, int CitedPassage, string? DocumentId, int Start, int End, ModelCall? Call = null,
    IReadOnlyList<Chunk>? Citations = null)
{
    /// <summary>An abstention that rests on nothing.</summary>
    public static Reading None { get; } = new(null, 0, -1, null, 0, 0);
}

/// <summary>What a reading took where a model was asked. Problem: the reply did not have the agreed form; Failure: there was no reply. Usage: what is billed, as JSON.</summary>
public sealed record ModelCall(string? Problem, string? Failure, long InputTokens = 0, long CachedTokens = 0, long OutputTokens = 0, int Retries = 0, JsonNode? Usage = null);

/// <summary>Answers a question from the passages it is given, best first, and from nothing else.</summary>
public interface IReader
{
    /// <param name="question">What is asked.</param>
    /// <param name="context">What may be read.</param>
    /// <param name="repeat">How often the same was asked before: 0 at first. A reader that always answers alike does not look at it.</param>
    Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0);
}

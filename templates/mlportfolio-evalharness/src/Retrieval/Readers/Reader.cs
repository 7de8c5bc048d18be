namespace PortfolioProject.Retrieval;

/// <summary>A chunk in a reader's context, with the score it was retrieved by.</summary>
public sealed record Passage(Chunk Chunk, double Score);

/// <summary>
/// What a reader says. <c>Answer</c> null: it abstained. <c>Confidence</c> in [0, 1], also when it abstains. <c>CitedPassage</c>: index into
/// the context, −1 for none. Start and End: the answer's span in its document's text, half-open, markup included.
/// </summary>
public sealed record Reading(string? Answer, double Confidence, int CitedPassage, string? DocumentId, int Start, int End);

/// <summary>Answers a question from the passages it is given, best first, and from nothing else.</summary>
public interface IReader
{
    string Name { get; }

    Reading Read(string question, IReadOnlyList<Passage> context);
}

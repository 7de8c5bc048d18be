namespace PortfolioProject.Evaluation;

/// <summary>What the evaluation needs of chat models; without them, systems that ask one are not measured.</summary>
public interface IChatSystems
{
    /// <summary>Told when the run at hand began: what it was answered before it was stopped counts as asked by it.</summary>
    void Begin(DateTimeOffset started);

    /// <summary>Calls at once.</summary>
    int Parallel { get; }

    /// <summary>Why a system cannot be measured now, with the command that would; null when it can.</summary>
    string? WhyNot(SystemConfig system);

    IReader Reader(SystemConfig system, Corpus corpus);

    IRetriever Retriever(IReadOnlyList<Chunk> chunks, RetrieverConfig config);

    /// <summary>Characters of a chat system's prompt for one question, and of a right and complete reply to it.</summary>
    (int Prompt, int Reply) Characters(SystemConfig system, Question question, IReadOnlyList<Passage> context);

    /// <summary>The price table's rows.</summary>
    JsonNode? Prices { get; }

    /// <summary>Calls, tokens, retries and cost by model, over all that a run's cases took: in this process and in one before it that was stopped.</summary>
    JsonNode? Usage(IEnumerable<TimingRecord> timings);

    /// <summary>All that may change an answer: part of the run's configuration.</summary>
    object Inputs(SystemConfig system);
}

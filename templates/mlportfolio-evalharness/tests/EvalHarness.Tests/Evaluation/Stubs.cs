using PortfolioProject.Evaluation;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>Ranks chunks in a given order, whatever the question.</summary>
internal sealed class StubRetriever(params int[] order) : IRetriever
{
    public long IndexBytes => 0;

    public IReadOnlyList<Scored> Search(string query, int depth) => [.. order.Take(depth).Select((c, rank) => new Scored(c, 10 - rank))];
}

/// <summary>Says what it is told to.</summary>
internal sealed class StubReader(Func<IReadOnlyList<Passage>, Reading> read) : IReader
{
    public Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0) => read(context);

    /// <summary>A reading of the first passage that holds the words, or nothing.</summary>
    public static StubReader Of(string words, double confidence = 1) => new(context =>
    {
        foreach (var (i, p) in context.Index())
            if (p.Chunk.Text.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at)
                return new Reading(words, confidence, i, p.Chunk.DocumentId, p.Chunk.Start + at, p.Chunk.Start + at + words.Length);
        return new Reading(null, 0, -1, null, 0, 0);
    });
}

internal static class Stub
{
    public static SystemUnderTest System(IReadOnlyList<Chunk> chunks, IReader reader, int[] order, int budget = 1000, double threshold = 0, int depth = 100) =>
        new(Config("stub") with { ContextBudget = budget }, new Chunking(chunks), new StubRetriever(order), reader, depth) { Threshold = threshold };

    public static SystemConfig Config(string name, RetrieverType retriever = RetrieverType.Bm25, ReaderType reader = ReaderType.Extractive) => new()
    {
        Name = name,
        About = "A test system.",
        Chunker = new() { Type = ChunkerType.Sentence, Size = 120 },
        Retriever = new() { Type = retriever },
        Reader = new() { Type = reader },
    };

    /// <summary>A document cut into pieces that follow one another.</summary>
    public static IReadOnlyList<Chunk> Pieces(string document, params string[] pieces)
    {
        var (start, chunks) = (0, new List<Chunk>());
        foreach (var (i, text) in pieces.Index())
        {
            chunks.Add(new Chunk($"{document}#{i:0000}", document, i, start, start + text.Length, text));
            start += text.Length;
        }
        return chunks;
    }
}

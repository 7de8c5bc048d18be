namespace PortfolioProject.Evaluation;

/// <summary>Readers for null systems: they answer with a piece of the first passage, whatever the question.</summary>
internal sealed class PassageReader(ReaderType type) : IReader
{
    public Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0)
    {
        if (type == ReaderType.Abstain || context.Count == 0) return Reading.None;
        var chunk = context[0].Chunk;
        var (start, end) = (0, chunk.Text.Length);
        if (type == ReaderType.FirstSentence && SentenceSplitter.Split(chunk.Text) is [var first, ..]) (start, end) = (first.Start, first.End);
        return new Reading(chunk.Text[start..end], 1, 0, chunk.DocumentId, chunk.Start + start, chunk.Start + end);
    }
}

namespace PortfolioProject.Retrieval;

/// <summary>A passage of a document: <c>Text == document.Text[Start..End]</c>, offsets in UTF-16 code units, half-open; ordinals from 0.</summary>
public sealed record Chunk(string Id, string DocumentId, int Ordinal, int Start, int End, string Text)
{
    internal static Chunk Of(Document d, int ordinal, int start, int end) =>
        new($"{d.Id}#{ordinal:0000}", d.Id, ordinal, start, end, d.Text[start..end]);
}

/// <summary>
/// Cuts a document into chunks that together cover every character that is not white space, in order, none of them blank, none longer than
/// the chunker's size, none cutting a surrogate pair. A pure function: an empty document gives no chunk.
/// </summary>
public interface IChunker
{
    string Name { get; }

    IReadOnlyList<Chunk> Split(Document d);
}

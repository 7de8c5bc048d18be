namespace PortfolioProject.Retrieval;

/// <summary>A passage of a document: <c>Text == document.Text[Start..End]</c>, offsets in UTF-16 code units, half-open; ordinals from 0.</summary>
public sealed record Chunk(string Id, string DocumentId, int Ordinal, int Start, int End, string Text)
{
    internal static IReadOnlyList<Chunk> Of(Document d, IEnumerable<TextSpan> spans) =>
        [.. spans.Select((s, i) => new Chunk($"{d.Id}#{i:0000}", d.Id, i, s.Start, s.End, d.Text[s.Start..s.End]))];

    /// <summary>A chunker's setting, if it is in range.</summary>
    internal static int Limit(string field, int value, int least, int most) => value >= least && value <= most
        ? value : throw new UserError("chunker setting out of range", field: field, expected: $"{least} to {most}", got: $"{value}");
}

/// <summary>
/// Cuts a document into chunks that together cover every character that is not white space, in order, none of them blank, none longer than
/// the chunker's size, none cutting a surrogate pair. A pure function: an empty document gives no chunk.
/// </summary>
public interface IChunker
{
    IReadOnlyList<Chunk> Split(Document d);
}

namespace PortfolioProject.Retrieval;

/// <summary>One source document. Offsets elsewhere are UTF-16 code units into <see cref="Text"/>, whose line ends are "\n".</summary>
public sealed record Document(string Id, string Title, string Text)
{
    /// <summary>SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal, computed at each call: what gold evidence is anchored to.</summary>
    public string Sha256 => TextFile.Sha256(Text);
}

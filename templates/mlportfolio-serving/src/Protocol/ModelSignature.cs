namespace PortfolioProject.Protocol;

/// <summary>
/// What the protocol has to know about a model: one FP32 input [-1, features]; outputs that are FP32 [-1, classes] (probabilities) or
/// BYTES [-1] (the likeliest class, lowest index on a tie). Names are encoded once.
/// </summary>
public sealed record ModelSignature(string Name, string Version, TensorSpec Input, IReadOnlyList<TensorSpec> Outputs, IReadOnlyList<string> Classes)
{
    public int Features { get; } = checked((int)Input.Shape[1]);

    internal JsonEncodedText[] ClassTexts { get; } = [.. Classes.Select(c => JsonEncodedText.Encode(c))];

    /// <summary>As elements of a BYTES tensor: a little-endian length, then the text.</summary>
    internal byte[][] ClassElements { get; } = [.. Classes.Select(Encoding.UTF8.GetBytes).Select(text => (byte[])[.. BitConverter.GetBytes(text.Length), .. text])];

    internal RequestedOutput[] AllOutputs(bool binary) => [.. Outputs.Select((_, i) => new RequestedOutput(i, binary))];
}

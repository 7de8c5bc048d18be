namespace PortfolioProject.Protocol;

/// <summary>
/// What the protocol has to know about a model: one FP32 input [-1, features]; outputs that are FP32 [-1, classes] (probabilities) or
/// BYTES [-1] (the likeliest class, lowest index on a tie). Names are encoded once.
/// </summary>
public sealed class ModelSignature(BundleManifest manifest)
{
    public string Name => manifest.Name;

    public string Version => manifest.Version;

    public TensorSpec Input { get; } = manifest.Inputs[0];

    public IReadOnlyList<TensorSpec> Outputs { get; } = manifest.Outputs;

    public IReadOnlyList<string> Classes => manifest.Classes;

    public int Features { get; } = checked((int)manifest.Inputs[0].Shape[1]);

    internal JsonEncodedText[] ClassTexts { get; } = [.. manifest.Classes.Select(c => JsonEncodedText.Encode(c))];

    /// <summary>As elements of a BYTES tensor: a little-endian length, then the text.</summary>
    internal byte[][] ClassElements { get; } = [.. manifest.Classes.Select(Encoding.UTF8.GetBytes).Select(text => (byte[])[.. BitConverter.GetBytes(text.Length), .. text])];

    internal RequestedOutput[] AllOutputs(bool binary) => [.. Outputs.Select((_, i) => new RequestedOutput(i, binary))];
}

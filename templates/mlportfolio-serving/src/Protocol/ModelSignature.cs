namespace PortfolioProject.Protocol;

/// <summary>
/// What the protocol has to know about a model: one FP32 input [-1, features]; outputs that are FP32 [-1, classes] (probabilities) or
/// BYTES [-1] (the likeliest class, lowest index on a tie). Names are encoded once.
/// </summary>
public sealed class ModelSignature
{
    public ModelSignature(string name, string version, TensorSpec input, IReadOnlyList<TensorSpec> outputs, IReadOnlyList<string> classes)
    {
        (Name, Version, Input, Outputs, Classes) = (name, version, input, outputs, classes);
        Features = checked((int)input.Shape[1]);
        ClassTexts = [.. classes.Select(c => JsonEncodedText.Encode(c))];
        ClassBytes = [.. classes.Select(Encoding.UTF8.GetBytes)];
    }

    public ModelSignature(BundleManifest manifest)
        : this(manifest.Name, manifest.Version, manifest.Inputs[0], manifest.Outputs, manifest.Classes)
    {
    }

    public string Name { get; }
    public string Version { get; }
    public TensorSpec Input { get; }
    public IReadOnlyList<TensorSpec> Outputs { get; }
    public IReadOnlyList<string> Classes { get; }
    public int Features { get; }

    internal JsonEncodedText[] ClassTexts { get; }
    internal byte[][] ClassBytes { get; }

    internal RequestedOutput[] AllOutputs(bool binary)
    {
        var all = new RequestedOutput[Outputs.Count];
        for (var i = 0; i < all.Length; i++) all[i] = new(i, binary);
        return all;
    }

    /// <summary>Index of the likeliest class of one row.</summary>
    public static int Likeliest(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Length; k++)
            if (probabilities[k] > probabilities[best]) best = k;
        return best;
    }
}

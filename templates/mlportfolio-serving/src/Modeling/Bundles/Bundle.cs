using System.Buffers;

namespace PortfolioProject.Modeling;

/// <summary>A packaged model that was verified when it was loaded. Immutable and thread-safe.</summary>
public sealed class Bundle
{
    /// <summary>How far a golden row's probabilities may be from those that were packaged.</summary>
    public const double GoldenTolerance = 1e-5;

    private readonly IClassifier _classifier;
    private readonly double[] _offsets, _scales;

    private Bundle(string folder, BundleManifest manifest, string digest, IClassifier classifier)
    {
        (Folder, Manifest, Digest, _classifier) = (folder, manifest, digest, classifier);
        (_offsets, _scales) = ([.. manifest.Features.Select(f => f.Offset)], [.. manifest.Features.Select(f => f.Scale)]);
    }

    public string Folder { get; }

    public BundleManifest Manifest { get; }

    /// <summary>SHA-256 of manifest.json, which holds the digest of every other file: it identifies the whole bundle.</summary>
    public string Digest { get; }

    /// <summary>Reads a bundle: every file's digest, every shape, then the golden rows (which warms it). Anything wrong is a <see cref="UserError"/> that names it.</summary>
    public static Bundle Load(string folder, IModelEngine engine)
    {
        var file = Path.Combine(folder, BundleManifest.FileName);
        var bytes = ReadBytes(file);
        var manifest = ModelJson.Parse(bytes, ModelJson.Lines.BundleManifest, "not a manifest", file);
        Validate(manifest, file);
        foreach (var (name, sha256) in manifest.Files)
        {
            var got = Convert.ToHexStringLower(SHA256.HashData(ReadBytes(Path.Combine(folder, name))));
            if (got != sha256) throw new UserError("the file is not the one that was packaged", Path.Combine(folder, name), expected: "sha256 " + sha256, got: got);
        }

        var weights = Path.Combine(folder, BundleManifest.WeightsFile);
        var classifier = engine.Load(Safetensors.Read(weights));
        if ((classifier.Architecture, classifier.Features, classifier.Classes) != (manifest.Architecture, manifest.Features.Count, manifest.Classes.Count))
            throw new UserError("weights and manifest are of different models", weights, expected: $"{manifest.Architecture}, {manifest.Features.Count} features, {manifest.Classes.Count} classes",
                got: $"{classifier.Architecture}, {classifier.Features} features, {classifier.Classes} classes");
        var bundle = new Bundle(folder, manifest, Convert.ToHexStringLower(SHA256.HashData(bytes)), classifier);
        bundle.CheckGolden(file);
        return bundle;
    }

    /// <summary>Probabilities [n × classes] of raw rows [n × features], both row-major, preprocessing included. Lengths that do not fit throw <see cref="ArgumentException"/>.</summary>
    public void Predict(ReadOnlySpan<float> rawRows, Span<float> probabilities)
    {
        if (rawRows.Length % _offsets.Length != 0) throw new ArgumentException($"{rawRows.Length} values are no rows of {_offsets.Length} features", nameof(rawRows));
        var rented = ArrayPool<float>.Shared.Rent(Math.Max(1, rawRows.Length));
        var scaled = rented.AsSpan(0, rawRows.Length);
        Preprocessing.Apply(_offsets, _scales, rawRows, scaled);
        _classifier.Predict(scaled, probabilities);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The index of the largest probability of one row; the first of equals.</summary>
    public static int Likeliest(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Length; k++) best = probabilities[k] > probabilities[best] ? k : best;
        return best;
    }

    private void CheckGolden(string file)
    {
        var probabilities = new float[Manifest.Classes.Count];
        foreach (var (i, golden) in Manifest.Golden.Index())
        {
            Predict([.. golden.Features], probabilities);
            for (var k = 0; k < probabilities.Length; k++)
                if (!(Math.Abs(probabilities[k] - golden.Probabilities[k]) <= GoldenTolerance))
                    throw new UserError("the model does not answer a golden row as it did when it was packaged", file, field: $"golden[{i}].probabilities[{k}]",
                        expected: FormattableString.Invariant($"{golden.Probabilities[k]} ± {GoldenTolerance}"), got: FormattableString.Invariant($"{probabilities[k]}"));
        }
    }

    private static void Validate(BundleManifest m, string file)
    {
        void Require(bool holds, string field, string expected)
        {
            if (!holds) throw new UserError("the manifest contradicts itself, or this program", file, field: field, expected: expected);
        }

        static string Spec(IEnumerable<TensorSpec> tensors) => string.Join(", ", tensors.Select(t => $"{t.Name} {t.Datatype} [{string.Join(", ", t.Shape)}]"));
        var (inputs, outputs) = (Spec(BundleManifest.InputsOf(m.Features.Count)), Spec(BundleManifest.OutputsOf(m.Classes.Count)));
        Require(m.Format == BundleManifest.CurrentFormat, "format", $"{BundleManifest.CurrentFormat}");
        Require(!new IReadOnlyList<object>[] { m.Features, m.Classes, m.Golden, m.Inputs, m.Outputs }.Any(items => items.Contains(null!)), "lists", "no null in any");
        Require(m.Features.Count > 0 && m.Features.DistinctBy(f => f.Name).Count() == m.Features.Count, "features", "one or more, each name once");
        Require(m.Classes.Count > 1 && m.Classes.Distinct().Count() == m.Classes.Count, "classes", "two or more, each once");
        Require(m.Temperature > 0, "temperature", "a number above 0");
        foreach (var (i, f) in m.Features.Index())
        {
            Require(f.Scale > 0 && f.Min <= f.Max, $"features[{i}]", "a scale above 0, and min ≤ max");
            Require(f.Histogram.Counts.Count == f.Histogram.Edges.Count + 1 && f.Histogram.Edges.Zip(f.Histogram.Edges.Skip(1), (a, b) => a < b).All(up => up), $"features[{i}].histogram", "rising edges, one count more");
        }

        Require(Spec(m.Inputs) == inputs, "inputs", inputs);
        Require(Spec(m.Outputs) == outputs, "outputs", outputs);
        Require(m.PreprocessingSha256 == Preprocessing.Sha256(m.Features), "preprocessingSha256", Preprocessing.Sha256(m.Features));
        Require(m.Files.ContainsKey(BundleManifest.WeightsFile) && m.Files.Keys.All(n => n == Path.GetFileName(n)), "files", $"{BundleManifest.WeightsFile}, and names of files beside the manifest");
        Require(m.Golden.Count > 0, "golden", "one row or more");
        foreach (var (i, g) in m.Golden.Index())
            Require((g.Features.Count, g.Probabilities.Count) == (m.Features.Count, m.Classes.Count), $"golden[{i}]", $"{m.Features.Count} features, {m.Classes.Count} probabilities");
    }

    private static byte[] ReadBytes(string file)
    {
        try { return File.ReadAllBytes(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(e is FileNotFoundException or DirectoryNotFoundException ? "missing from the bundle" : "cannot be read", file);
        }
    }
}

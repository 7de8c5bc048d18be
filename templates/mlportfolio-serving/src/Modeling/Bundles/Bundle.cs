namespace PortfolioProject.Modeling;

/// <summary>A packaged model that was verified when it was loaded. Immutable and thread-safe.</summary>
public sealed class Bundle
{
    /// <summary>How far a golden row's probabilities may be from those that were packaged.</summary>
    public const double GoldenTolerance = 1e-5;

    private readonly FittedModel _model;

    private Bundle(string folder, BundleManifest manifest, IClassifier classifier)
    {
        (Folder, Manifest, Digest) = (folder, manifest, TextFile.Sha256OfFile(Path.Combine(folder, BundleManifest.FileName)));
        _model = new FittedModel([.. manifest.Features], classifier, manifest.Temperature);
    }

    public string Folder { get; }

    public BundleManifest Manifest { get; }

    /// <summary>SHA-256 of manifest.json, which holds the digest of every other file: it identifies the whole bundle.</summary>
    public string Digest { get; }

    /// <summary>Reads a bundle: every file's digest, every shape, then the golden rows (which warms it). Anything wrong is a <see cref="UserError"/> that names it.</summary>
    public static Bundle Load(string folder, IModelEngine engine)
    {
        var file = Path.Combine(folder, BundleManifest.FileName);
        var manifest = ModelJson.Parse(TextFile.Read(file), ModelJson.Lines.BundleManifest, "not a manifest", file);
        Validate(manifest, file);
        foreach (var (path, sha256) in manifest.Files.Select(f => (Path.Combine(folder, f.Key), f.Value)))
        {
            if (!File.Exists(path)) throw new UserError("missing from the bundle", path);
            if (TextFile.Sha256OfFile(path) is var got && got != sha256) throw new UserError("the file is not the one that was packaged", path, expected: "sha256 " + sha256, got: got);
        }

        var weights = Path.Combine(folder, BundleManifest.WeightsFile);
        var classifier = engine.Load(Safetensors.Read(weights));
        if ((classifier.Architecture, classifier.Features, classifier.Classes) != (manifest.Architecture, manifest.Features.Count, manifest.Classes.Count))
            throw new UserError("weights and manifest are of different models", weights, expected: $"{manifest.Architecture}, {manifest.Features.Count} features, {manifest.Classes.Count} classes",
                got: $"{classifier.Architecture}, {classifier.Features} features, {classifier.Classes} classes");
        var bundle = new Bundle(folder, manifest, classifier);
        bundle.CheckGolden(file);
        return bundle;
    }

    /// <summary>Probabilities [n × classes] of raw rows [n × features], both row-major, preprocessing included. Lengths that do not fit throw <see cref="ArgumentException"/>.</summary>
    public void Predict(ReadOnlySpan<float> rawRows, Span<float> probabilities) => _model.Predict(rawRows, probabilities);

    /// <summary>The index of the largest probability of one row; the first of equals.</summary>
    public static int Likeliest(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Length; k++) best = probabilities[k] > probabilities[best] ? k : best;
        return best;
    }

    private void CheckGolden(string file)
    {
        foreach (var (i, golden) in Manifest.Golden.Index())
            foreach (var (k, probability) in _model.Predict([.. golden.Features]).Index())
                if (!(Math.Abs(probability - golden.Probabilities[k]) <= GoldenTolerance))
                    throw new UserError("the model does not answer a golden row as it did when it was packaged", file, field: $"golden[{i}].probabilities[{k}]",
                        expected: FormattableString.Invariant($"{golden.Probabilities[k]} ± {GoldenTolerance}"), got: FormattableString.Invariant($"{probability}"));
    }

    private static void Validate(BundleManifest m, string file)
    {
        void Require(bool holds, string field, string expected)
        {
            if (!holds) throw new UserError("the manifest contradicts itself, or this program", file, field: field, expected: expected);
        }

        Require(m.Format == BundleManifest.CurrentFormat, "format", $"{BundleManifest.CurrentFormat}");
        Require(!new IReadOnlyList<object>[] { m.Features, m.Classes, m.Golden }.Any(items => items.Contains(null!)), "lists", "no null in any");
        Require(m.Features.Count > 0 && m.Features.DistinctBy(f => f.Name).Count() == m.Features.Count, "features", "one or more, each name once");
        Require(m.Classes.Count > 1 && m.Classes.Distinct().Count() == m.Classes.Count, "classes", "two or more, each once");
        Require(m.Temperature > 0, "temperature", "a number above 0");
        Require(m.Features.All(f => f.Scale > 0 && f.Min <= f.Max), "features", "a scale above 0, and min ≤ max");
        Require(m.Features.All(f => f.Histogram is { } h && h.Counts.Count == h.Edges.Count + 1 && h.Edges.Zip(h.Edges.Skip(1)).All(e => e.First < e.Second)), "histogram", "rising edges, one count more");
        Require(m.PreprocessingSha256 == FeatureColumn.Sha256(m.Features), "preprocessingSha256", FeatureColumn.Sha256(m.Features));
        Require(m.Files.ContainsKey(BundleManifest.WeightsFile) && m.Files.Keys.All(n => n == Path.GetFileName(n)), "files", $"{BundleManifest.WeightsFile}, and names of files beside the manifest");
        Require(m.Golden.Count > 0 && m.Golden.All(g => (g.Features.Count, g.Probabilities.Count) == (m.Features.Count, m.Classes.Count)), "golden", $"rows of {m.Features.Count} features and {m.Classes.Count} probabilities");
    }
}

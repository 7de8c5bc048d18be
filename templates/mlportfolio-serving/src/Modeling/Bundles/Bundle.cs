using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

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
        var manifest = Parse(bytes, file);
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

    private static BundleManifest Parse(byte[] bytes, string file)
    {
        try { return JsonSerializer.Deserialize(bytes, ModelJson.Lines.BundleManifest) ?? throw new JsonException("null is no manifest"); }
        catch (JsonException e)
        {
            throw new UserError("not a manifest", file, (int?)e.LineNumber + 1, field: e.Path is "$" ? null : e.Path, fix: e.Message.Split(" Path:")[0]);
        }
    }

    private static void Validate(BundleManifest m, string file)
    {
        void Require(bool holds, string field, string expected, object? got = null)
        {
            if (!holds) throw new UserError("the manifest is not usable", file, field: field, expected: expected, got: got is null ? null : UserError.Quote(Convert.ToString(got, System.Globalization.CultureInfo.InvariantCulture)));
        }

        Require(m.Format == BundleManifest.CurrentFormat, "format", $"{BundleManifest.CurrentFormat}", m.Format);
        Require(!new IReadOnlyList<object>[] { m.Features, m.Classes, m.Golden, m.Inputs, m.Outputs }.Any(items => items.Contains(null!)), "lists", "no null in any");
        Require(m.Features.Count > 0 && m.Features.DistinctBy(f => f.Name).Count() == m.Features.Count, "features", "one or more, each name once");
        Require(m.Classes.Count > 1 && m.Classes.Distinct().Count() == m.Classes.Count, "classes", "two or more, each once");
        Require(double.IsFinite(m.Temperature) && m.Temperature > 0, "temperature", "a number above 0", m.Temperature);
        foreach (var (i, f) in m.Features.Index())
        {
            Require(double.IsFinite(f.Offset) && double.IsFinite(f.Scale) && f.Scale > 0, $"features[{i}]", "a finite offset, and a scale above 0", $"{f.Offset}, {f.Scale}");
            Require(double.IsFinite(f.Min) && f.Min <= f.Max && double.IsFinite(f.Max), $"features[{i}]", "min ≤ max", $"{f.Min}, {f.Max}");
            Require(f.Histogram.Counts.Count == f.Histogram.Edges.Count + 1 && f.Histogram.Edges.Zip(f.Histogram.Edges.Skip(1), (a, b) => a < b).All(up => up) && f.Histogram.Counts.All(c => c >= 0),
                $"features[{i}].histogram", "rising edges, and one count more than edges", $"{f.Histogram.Edges.Count} edges, {f.Histogram.Counts.Count} counts");
        }

        Require(Same(m.Inputs, BundleManifest.InputsOf(m.Features.Count)), "inputs", $"features FP32 [-1, {m.Features.Count}]");
        Require(Same(m.Outputs, BundleManifest.OutputsOf(m.Classes.Count)), "outputs", $"probabilities FP32 [-1, {m.Classes.Count}] and label BYTES [-1]");
        Require(m.PreprocessingSha256 == Preprocessing.Sha256(m.Features), "preprocessingSha256", Preprocessing.Sha256(m.Features), m.PreprocessingSha256);
        Require(m.Files.ContainsKey(BundleManifest.WeightsFile), "files", BundleManifest.WeightsFile);
        foreach (var name in m.Files.Keys) Require(name == Path.GetFileName(name) && name is not ("." or ".."), "files", "names of files beside the manifest", name);
        Require(m.Golden.Count > 0, "golden", "one row or more");
        foreach (var (i, g) in m.Golden.Index())
            Require((g.Features.Count, g.Probabilities.Count) == (m.Features.Count, m.Classes.Count) && g.Features.All(float.IsFinite), $"golden[{i}]", $"{m.Features.Count} finite features, {m.Classes.Count} probabilities",
                $"{g.Features.Count} and {g.Probabilities.Count}");
    }

    private static bool Same(IReadOnlyList<TensorSpec> got, IReadOnlyList<TensorSpec> expected) =>
        got.Count == expected.Count && got.Zip(expected).All(p => p.First.Name == p.Second.Name && p.First.Datatype == p.Second.Datatype && p.First.Shape.SequenceEqual(p.Second.Shape));

    private static byte[] ReadBytes(string file)
    {
        try { return File.ReadAllBytes(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(e is FileNotFoundException or DirectoryNotFoundException ? "missing from the bundle" : "cannot be read", file);
        }
    }
}

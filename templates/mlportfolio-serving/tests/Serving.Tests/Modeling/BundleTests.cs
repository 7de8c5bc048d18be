using System.Text.Json.Nodes;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;

namespace PortfolioProject.Serving.Tests;

/// <summary>One packaged model for all of them; each test damages a copy.</summary>
public sealed class BundleTests(BundleTests.Shipped shipped) : IClassFixture<BundleTests.Shipped>
{
    public sealed class Shipped : IDisposable
    {
        internal TableRepository Repository { get; } = new();
        internal Bundle Bundle { get; }

        public Shipped() => Bundle = Repository.Ship();

        public void Dispose() => Repository.Dispose();
    }

    [Fact]
    public void A_packaged_model_says_all_that_serving_needs()
    {
        var m = shipped.Bundle.Manifest;
        Assert.Equal(("points", "1", "builtin", 4, "high,low,middle"), (m.Name, m.Version, m.Engine, m.Features.Count, string.Join(',', m.Classes)));
        Assert.Equal(("features", "FP32", "-1,4"), (m.Inputs[0].Name, m.Inputs[0].Datatype, string.Join(',', m.Inputs[0].Shape)));
        Assert.Equal(["probabilities", "label"], m.Outputs.Select(o => o.Name));
        Assert.All(m.Features, f => Assert.Equal(m.TrainingRows, f.Histogram.Counts.Sum()));
        Assert.Equal((7.0, 7.0, 1.0, 0L), (m.Features[3].Min, m.Features[3].Offset, m.Features[3].Scale, m.Features[3].Histogram.Counts[^1]));
        Assert.InRange(m.Metrics["accuracy.blocked"], m.Metrics["accuracy.blocked.low"], m.Metrics["accuracy.blocked.high"]);
        Assert.True(m.Metrics["accuracy.blocked"] > 0.6);
        Assert.Equal(TextFile.Sha256OfFile(Path.Combine(shipped.Repository.Root, "data", "points.csv")), m.Data.Sha256);
        Assert.Contains("120 rows", TextFile.Read(Path.Combine(shipped.Bundle.Folder, BundleManifest.CardFile)));
    }

    [Fact]
    public void Each_file_that_is_not_as_packaged_is_named()
    {
        foreach (var name in new[] { BundleManifest.WeightsFile, BundleManifest.CardFile })
        {
            var (folder, bytes) = (shipped.Repository.Copy(shipped.Bundle), File.ReadAllBytes(Path.Combine(shipped.Bundle.Folder, name)));
            bytes[^1] ^= 1;
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            Refused(folder, name, "not the one that was packaged");
            File.WriteAllBytes(Path.Combine(folder, name), bytes[..(bytes.Length / 2)]);
            Refused(folder, name, "not the one that was packaged");
            File.Delete(Path.Combine(folder, name));
            Refused(folder, name, "missing");
        }
    }

    [Fact]
    public void A_manifest_cut_anywhere_is_refused()
    {
        var (folder, bytes) = (shipped.Repository.Copy(shipped.Bundle), File.ReadAllBytes(Path.Combine(shipped.Bundle.Folder, BundleManifest.FileName)));
        for (var length = 0; length < bytes.Length - 2; length += bytes.Length / 40)
        {
            File.WriteAllBytes(Path.Combine(folder, BundleManifest.FileName), bytes[..length]);
            Refused(folder, BundleManifest.FileName, "not a manifest");
        }
    }

    [Theory]
    [InlineData("format", "2", "format")]
    [InlineData("classes", "[\"a\",\"a\",\"b\"]", "classes")]
    [InlineData("features", "[null]", "lists")]
    [InlineData("temperature", "0", "temperature")]
    [InlineData("golden", "[]", "golden")]
    [InlineData("golden", "[{\"features\":[1],\"probabilities\":[1]}]", "golden")]
    [InlineData("files", "{}", "files")]
    [InlineData("files", "{\"weights.safetensors\":\"\",\"../x\":\"\"}", "files")]
    [InlineData("preprocessingSha256", "\"00\"", "preprocessingSha256")]
    [InlineData("architecture", "\"softmax-2\"", null)]
    [InlineData("seed", "\"x\"", "$.seed")]
    [InlineData("features", null, null)]
    public void A_manifest_that_contradicts_itself_is_refused(string field, string? value, string? named)
    {
        var folder = shipped.Repository.Copy(shipped.Bundle);
        Edit(folder, manifest => manifest[field] = value is null ? null : JsonNode.Parse(value));
        var error = Assert.Throws<UserError>(() => Bundle.Load(folder, TableRepository.Engine));
        if (named is not null) Assert.Equal(named, error.Field);
    }

    [Fact]
    public void Skewed_preprocessing_is_caught_by_the_golden_rows_even_with_a_fresh_digest()
    {
        var folder = shipped.Repository.Copy(shipped.Bundle);
        var skewed = shipped.Bundle.Manifest.Features.Select((f, i) => i == 0 ? f with { Scale = f.Scale * 1.01 } : f).ToList();
        Edit(folder, manifest =>
        {
            manifest["features"]![0]!["scale"] = skewed[0].Scale;
            manifest["preprocessingSha256"] = FeatureColumn.Sha256(skewed);
        });
        Assert.StartsWith("golden[", Assert.Throws<UserError>(() => Bundle.Load(folder, TableRepository.Engine)).Field);
    }

    [Fact]
    public void Absurd_values_still_give_probabilities()
    {
        float[] rows = [float.MaxValue, float.MinValue, float.Epsilon, 0, 1e30f, 1e30f, 1e30f, 1e30f, -0f, 0, 0, float.MaxValue];
        var probabilities = new float[9];
        shipped.Bundle.Predict(rows, probabilities);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        Assert.All(probabilities.Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void A_row_is_answered_the_same_alone_among_others_and_from_many_threads()
    {
        var rows = shipped.Repository.Table().Rows;
        var together = new float[rows.Length / 4 * 3];
        shipped.Bundle.Predict(rows, together);
        Parallel.For(0, 8, _ =>
        {
            var alone = new float[3];
            for (var i = 0; i < rows.Length / 4; i++)
            {
                shipped.Bundle.Predict(rows.AsSpan(i * 4, 4), alone);
                Assert.Equal(together.AsSpan(i * 3, 3).ToArray(), alone);
            }
        });
        Assert.Throws<ArgumentException>(() => shipped.Bundle.Predict(rows.AsSpan(0, 5), new float[3]));
    }

    [Fact]
    public void Versions_packaged_at_once_get_numbers_of_their_own()
    {
        using var repository = new TableRepository();
        var (run, table) = (repository.Evaluate(), repository.Table());
        Parallel.For(0, 4, _ => Packaging.Ship(repository.Config(), table, run, TableRepository.Engine, repository.Registry, CancellationToken.None));
        Assert.Equal(["1", "2", "3", "4"], repository.Registry.Versions);
        Assert.Equal(["1", "2", "3", "4"], repository.Registry.Versions.Select(v => Bundle.Load(repository.Registry.FolderOf(v), TableRepository.Engine).Manifest.Version));
        Assert.Equal(4, Directory.GetDirectories(repository.Registry.Folder).Length);
    }

    [Fact]
    public void What_a_killed_packaging_left_is_no_version_and_is_cleared_away_by_the_next_one()
    {
        using var repository = new TableRepository();
        var left = Path.Combine(repository.Registry.Folder, ".new");
        TextFile.Write(Path.Combine(left, BundleManifest.FileName), "{");
        TextFile.Write(Path.Combine(left, "torn.tmp"), "x");
        Assert.Empty(repository.Registry.Versions);
        var bundle = repository.Ship();
        Assert.Equal([BundleManifest.CardFile, BundleManifest.FileName, BundleManifest.WeightsFile], Directory.GetFiles(bundle.Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal((false, "1"), (Directory.Exists(left), Assert.Single(repository.Registry.Versions)));
    }

    private static void Refused(string folder, string file, string problem)
    {
        var error = Assert.Throws<UserError>(() => Bundle.Load(folder, TableRepository.Engine));
        Assert.Equal(Path.Combine(folder, file), error.File);
        Assert.Contains(problem, error.Message);
    }

    private static void Edit(string folder, Action<JsonNode> change)
    {
        var file = Path.Combine(folder, BundleManifest.FileName);
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        change(manifest);
        File.WriteAllText(file, manifest.ToJsonString());
    }
}

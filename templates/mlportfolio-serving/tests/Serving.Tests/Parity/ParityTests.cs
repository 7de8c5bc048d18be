using System.Globalization;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;
using static System.FormattableString;

namespace PortfolioProject.Serving.Tests;

/// <summary>C# and PyTorch give the same model from the same data, and the same probabilities from the same model, to 1e-5.</summary>
public sealed class ParityTests
{
    private const double Tolerance = 1e-5;
    private const int Rows = 1000;
    private static readonly BuiltinEngine Engine = new();
    private static readonly Dictionary<string, Lazy<string>> Trained = new[] { "softmax", "mlp" }.ToDictionary(v => v, v => new Lazy<string>(() => TrainInPython(v)));

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    public void PyTorch_trains_the_model_that_the_engine_trains(string variant)
    {
        var (config, table) = (Config(), Data());
        var (train, validation) = Splits.Part(table, [.. Enumerable.Range(0, table.Count)], SplitType.Blocked, config.Fit.Validation, config.Seed);
        var ours = ModelFitting.Fit(table, train, validation, Variant(variant), config, Engine, TestContext.Current.CancellationToken);
        var theirs = Bundle.Load(Trained[variant].Value, Engine);

        Assert.Equal(train.Length, theirs.Manifest.TrainingRows);
        Assert.Equal(table.Classes, theirs.Manifest.Classes);
        Assert.Equal(FeatureColumn.Sha256(ours.Columns), theirs.Manifest.PreprocessingSha256);
        Assert.Equal(ours.Columns.Select(c => string.Join(' ', c.Histogram.Edges.Concat(c.Histogram.Counts.Select(n => (double)n)))),
            theirs.Manifest.Features.Select(c => string.Join(' ', c.Histogram.Edges.Concat(c.Histogram.Counts.Select(n => (double)n)))));
        Assert.Equal(ours.Temperature, theirs.Manifest.Temperature, Tolerance);
        var (rows, actual) = (Sample(table), new float[Rows * table.Classes.Count]);
        theirs.Predict(rows, actual);
        AssertClose(ours.Predict(rows), actual, table);
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    public void PyTorch_answers_the_engines_bundle_as_the_service_does(string variant)
    {
        var (config, table) = (Config(), Data());
        int[] all = [.. Enumerable.Range(0, table.Count)];
        var model = ModelFitting.Fit(table, all[(table.Count / 5)..], all[..(table.Count / 5)], Variant(variant), config, Engine, TestContext.Current.CancellationToken);
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, "parity", "", DateTimeOffset.UnixEpoch, Engine.Name, model.Classifier.Architecture,
            model.Columns, table.Classes, model.Temperature,
            FeatureColumn.Sha256(model.Columns), new DataFile(config.Data.Path, "", 0), table.Count - (table.Count / 5), null, config.Seed, new Dictionary<string, double>(),
            [new GoldenRow(table.Row(0).ToArray(), [])], new Dictionary<string, string>());
        var bundle = BundleWriter.Write(new ModelRegistry(NewFolder(), "parity"), manifest, model.Classifier.Weights, _ => "", Engine);
        AssertSameAnswers(bundle, table);
    }

    [Fact]
    public void PyTorch_answers_its_own_bundle_as_the_service_does()
    {
        var bundle = Bundle.Load(Trained["mlp"].Value, Engine);
        Assert.Equal(("pytorch", "mlp", "1"), (bundle.Manifest.Engine, bundle.Manifest.Architecture, bundle.Manifest.Version));
        AssertSameAnswers(bundle, Data());
    }

    [Fact]
    public void Both_write_the_same_bytes_of_weights()
    {
        var file = Path.Combine(Trained["softmax"].Value, BundleManifest.WeightsFile);
        Assert.Equal(File.ReadAllBytes(file), Safetensors.Format(Safetensors.Read(file), new Dictionary<string, string> { ["model"] = "parity 1" }));
    }

    [Fact]
    public void The_laboratorys_own_tests_pass() => Assert.Matches(@"^\d+ passed", Laboratory.Pytest().Trim().Split('\n')[^1]);

    [Fact]
    public void The_laboratory_refuses_what_is_not_there()
    {
        var (code, output, errors) = Laboratory.RunTrain("train", "--root", Laboratory.Root, "--data", "data/none.csv");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("data/none.csv", errors);
        Assert.StartsWith("error: ", errors);
    }

    private static void AssertSameAnswers(Bundle bundle, Table table)
    {
        var (rows, expected, file) = (Sample(table), new float[Rows * table.Classes.Count], Path.Combine(NewFolder(), "rows.csv"));
        bundle.Predict(rows, expected);
        TextFile.Write(file, string.Join('\n', rows.Chunk(table.Features.Count).Select(row => string.Join(',', row.Select(v => v.ToString(CultureInfo.InvariantCulture))))
            .Prepend(string.Join(',', table.Features))) + "\n");
        var lines = Laboratory.Train("predict", bundle.Folder, file).TrimEnd().Split('\n');
        Assert.Equal(string.Join(',', table.Classes), lines[0]);
        AssertClose(expected, [.. lines.Skip(1).SelectMany(l => l.Split(',')).Select(v => float.Parse(v, CultureInfo.InvariantCulture))], table);
    }

    private static void AssertClose(float[] expected, float[] actual, Table table)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Index().MaxBy(d => d.Item);
        Assert.True(worst.Item <= Tolerance, $"row {worst.Index / table.Classes.Count}: {expected[worst.Index]} here, {actual[worst.Index]} there");
    }

    /// <summary>Half of the rows are of the table, half lie between two of them.</summary>
    private static float[] Sample(Table table)
    {
        var draws = new RandomStream(1, 1);
        float[] Row() => table.Row(draws.Below(table.Count)).ToArray();
        return [.. Enumerable.Range(0, Rows).SelectMany(i => i < Rows / 2 ? Row() : Row().Zip(Row(), (a, b) => (a + b) / 2))];
    }

    /// <summary>Trains in a folder of its own, with the laboratory's defaults where the configuration has the engine's; gives the bundle's folder.</summary>
    private static string TrainInPython(string variant)
    {
        var (config, folder) = (Config(), NewFolder());
        var (data, fit) = (config.Data, config.Fit);
        foreach (var file in new[] { data.Path, TrainingConfig.File })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            File.Copy(Path.Combine(Laboratory.Root, file), Path.Combine(folder, file));
        }

        List<string> arguments = ["train", "--root", folder, "--model", variant, "--name", "parity", "--data", data.Path, "--blocks", $"{data.Blocks}"];
        if (data.Label is not null) arguments.AddRange(["--label", data.Label]);
        if (data.Group is not null) arguments.AddRange(["--group", data.Group]);
        if (data.Ignore.Count > 0) arguments.AddRange(["--ignore", .. data.Ignore]);
        if (fit != new FitConfig())
            arguments.AddRange(["--updates", $"{fit.Updates}", "--min-epochs", $"{fit.MinEpochs}", "--batch-size", $"{fit.BatchSize}", "--learning-rate", Invariant($"{fit.LearningRate}"),
                "--weight-decay", Invariant($"{fit.WeightDecay}"), "--patience", Invariant($"{fit.Patience}"), "--validation", Invariant($"{fit.Validation}")]);
        return Laboratory.Train([.. arguments]).TrimEnd();
    }

    private static VariantConfig Variant(string model) => new() { Model = Enum.Parse<ModelType>(model, ignoreCase: true) };

    private static TrainingConfig Config() => TrainingConfig.Load(Laboratory.Root);

    private static Table Data() => CsvTable.Read(Laboratory.Root, Config().Data);

    private static string NewFolder() => Directory.CreateTempSubdirectory("parity-").FullName;
}

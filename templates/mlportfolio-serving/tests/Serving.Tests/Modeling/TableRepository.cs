using System.Globalization;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;

namespace PortfolioProject.Serving.Tests;

/// <summary>A repository in a temporary folder with one small table: three overlapping classes, four columns (the last is constant), 120 rows.</summary>
internal sealed class TableRepository : IDisposable
{
    public static readonly BuiltinEngine Engine = new();
    private static readonly string[] Levels = ["low", "middle", "high"];

    public TableRepository(string? csv = null, string settings = "")
    {
        TextFile.Write(Path.Combine(Root, ".mlportfolio.json"), """{"template":"mlportfolio-serving","version":"0.0.0"}""");
        TextFile.Write(Path.Combine(Root, "data", "points.csv"), csv ?? Points());
        TextFile.Write(Path.Combine(Root, "configs", "serving.yaml"), "model: null\n");
        TextFile.Write(Path.Combine(Root, TrainingConfig.File), $$"""
            seed: 7
            resamples: 200
            folds: 3
            data: { path: data/points.csv, blocks: 6 }
            fit: { updates: 150, batch_size: 16, learning_rate: 0.02 }
            candidates: [softmax, mlp]
            variants:
              majority: { model: majority }
              softmax: { model: softmax }
              mlp: { model: mlp, hidden: 8 }
              softmax-random: { model: softmax, split: random }
            {{settings}}
            """);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("table-repository-").FullName;

    public ModelRegistry Registry => new(Path.Combine(Root, "models"), "points");

    public TrainingConfig Config(params string[] overrides) => TrainingConfig.Load(Root, overrides: overrides);

    public Table Table(params string[] overrides) => CsvTable.Read(Root, Config(overrides).Data);

    public Run Evaluate(params string[] overrides) =>
        EvidenceRun.Execute(Root, Config(overrides), Table(overrides), Engine, EvidenceRun.Kind, "test", resume: false, (_, _) => { }, CancellationToken.None);

    /// <summary>Evaluates and packages the next version.</summary>
    public Bundle Ship(params string[] overrides) => Packaging.Ship(Config(overrides), Table(overrides), Evaluate(overrides), Engine, Registry, CancellationToken.None);

    /// <summary>A bundle's files in a folder of their own, to be damaged.</summary>
    public string Copy(Bundle bundle)
    {
        var copy = Directory.CreateDirectory(Path.Combine(Root, $"copy-{Guid.NewGuid():N}")).FullName;
        foreach (var file in Directory.GetFiles(bundle.Folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    public static string Points(int rows = 120, double distance = 1.5)
    {
        var stream = new RandomStream(5, 0);
        var lines = Enumerable.Range(0, rows).Select(row =>
        {
            string Value(int mean) => ((distance * mean) + stream.Normal()).ToString("0.###", CultureInfo.InvariantCulture);
            var label = stream.Below(3);
            return $"{Value(label)},{Value(-label)},{Value(label % 2)},7,{Levels[label]}";
        });
        return "x,y,z,constant,level\n" + string.Join('\n', lines) + "\n";
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

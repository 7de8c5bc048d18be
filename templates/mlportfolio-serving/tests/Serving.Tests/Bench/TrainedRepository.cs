using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;

namespace PortfolioProject.Serving.Tests;

/// <summary>A repository of its own with this one's configuration and digits, a short evaluation of a softmax regression, and versions 1 (promoted) and 2 of it.</summary>
public sealed class TrainedRepository : IDisposable
{
    private const string Training = """
        seed: 2026
        data:
          path: data/digits/digits.csv
        fit:
          updates: 600
        folds: 2
        resamples: 100
        candidates: [softmax]
        variants:
          majority: { model: majority }
          softmax: { model: softmax }
        """;

    public TrainedRepository()
    {
        var source = Repository.FindRoot(AppContext.BaseDirectory);
        foreach (var file in Directory.GetFiles(Path.Combine(source, "configs"), "*", SearchOption.AllDirectories).Append(Path.Combine(source, ".mlportfolio.json")).Append(Path.Combine(source, "data/digits/digits.csv")))
        {
            var target = Path.Combine(Root, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        TextFile.Write(Path.Combine(Root, TrainingConfig.File), Training + "\n");
        var config = TrainingConfig.Load(Root);
        var table = CsvTable.Read(Root, config.Data);
        var run = EvidenceRun.Execute(Root, config, table, new BuiltinEngine(), EvidenceRun.Kind, "run", false, (_, _) => { }, TestContext.Current.CancellationToken);
        Registry = new ModelRegistry(Path.Combine(Root, "models"), config.ModelName);
        for (var i = 0; i < 2; i++) Packaging.Ship(config, table, run, new BuiltinEngine(), Registry, TestContext.Current.CancellationToken);
        Registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "the first version"));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("trained-").FullName;

    public ModelRegistry Registry { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

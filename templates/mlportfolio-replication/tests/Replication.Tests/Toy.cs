namespace PortfolioProject.Replication.Tests;

/// <summary>A repository in a temporary folder with 60 rows of two noisy classes, and a small experiment on them.</summary>
internal sealed class Toy : IDisposable
{
    public Toy()
    {
        Root = Directory.CreateTempSubdirectory("replication-").FullName;
        var stream = new RandomStream(1, 1);
        var rows = Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{stream.Normal() + (2 * (i % 3)):r},{stream.Normal():r},{stream.Normal():r},{i % 3}"));
        Write(".mlportfolio.json", "{\"template\":\"toy\",\"version\":\"1.0.0\"}");
        Write("data/toy.csv", "a,b,c,label\n" + string.Join('\n', rows) + "\n");
        Write("claims.yaml", TextFile.Read(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "claims.yaml")));
    }

    public string Root { get; }

    public string Config => $"""
        kind: toy
        data: data/toy.csv
        sha256: {TextFile.Sha256OfFile(Path.Combine(Root, "data", "toy.csv"))}
        seeds: [0, 1, 2, 3]
        samples: [20]
        ratios: [0.5, 0.9, 1, 1.2, 3]
        noise: [0, 0.2]
        bandwidths: [1.5]
        features: [cosine]
        truncations: [0]
        penalties:
          - [0.001, 0.1, 10]
        theory: false
        """;

    public static Study Study { get; } = new("toy", "", "", (text, file, changes) => new DoubleDescent(ExperimentConfig.Parse(text, file, changes), file), _ => true, Figures.Of, Findings.Of);

    public IExperiment Experiment(params string[] changes) => Study.Load(Config, "toy.yaml", changes);

    public Run Execute(string? shard = null, int threads = 1, bool force = true, params string[] changes) =>
        ExperimentRun.Execute(Root, Experiment(changes), new ExperimentRun.Options("toy", shard is null ? null : Shard.Parse(shard), Force: force, Threads: threads), LabPortfolio.Measure, (_, _) => { }, TestContext.Current.CancellationToken).Run;

    public Portfolio Portfolio => LabPortfolio.Create(Root, [Study]);

    public static byte[] Bytes(Run run) => File.ReadAllBytes(Path.Combine(run.Folder, "cases.jsonl"));

    public void Write(string file, string text) => TextFile.Write(Path.Combine(Root, file), text);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

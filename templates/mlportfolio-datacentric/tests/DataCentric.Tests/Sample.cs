namespace PortfolioProject.DataCentric.Tests;

/// <summary>A repository in a temporary folder with one small table of its own: four clouds, two of them near each other.</summary>
internal sealed class TinyRepository : IDisposable
{
    public const string Data = "data/clouds.csv";

    public TinyRepository(int rows = 240, string? csv = null)
    {
        Write(".mlportfolio.json", "{ \"template\": \"none\", \"version\": \"0.0.0\" }");
        Write("configs/run.yaml", RunYaml);
        Write(Data, csv ?? Clouds(rows, 1));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("datacentric-").FullName;

    public const string RunYaml = """
        seed: 7
        seeds: 2
        data: { path: data/clouds.csv }
        model: { l2: 0.001, iterations: 60, power_iterations: 20 }
        faults: { data: data/clouds.csv, rare: [d], rare_share: 0.5, noise: 0.2, look_alikes: { a: b, b: a, c: d, d: c }, duplicates: 10, leaks: 8 }
        hard: { rare_share: 0.3, noise: 0.3 }
        thresholds: [0.1, 0.5]
        budgets: [10, 40]
        """;

    /// <summary>Columns x, y, kind; every fourth row of one kind.</summary>
    public static string Clouds(int rows, long seed)
    {
        var stream = new RandomStream(seed, 1);
        (double X, double Y)[] centres = [(0, 0), (6, 0), (0, 6), (6, 6)];
        return "x,y,kind\n" + string.Concat(Enumerable.Range(0, rows).Select(i => FormattableString.Invariant(
            $"{centres[i % 4].X + stream.Normal():0.000},{centres[i % 4].Y + stream.Normal():0.000},{"abcd"[i % 4]}\n")));
    }

    public const string ContractYaml = """
        label: kind
        rows: { min: 10, max: 1000 }
        class_share: { min: 0.05, max: 0.6 }
        near_duplicate: 0.13
        test: { kind: stratified, share: 0.3 }
        columns:
          - { name: x, type: number, min: -10, max: 20 }
          - { name: y, type: number, min: -10, max: 20 }
          - { name: kind, type: text, values: [a, b, c, d] }
        """;

    public string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public void Write(string relative, string text) => TextFile.Write(Path(relative), text);

    public Table Load(IReadOnlyList<string>? patches = null) => Table.Load(Root, Data, null, patches ?? []);

    public TinyRepository WithContract(string? yaml = null)
    {
        Write("configs/contract.yaml", yaml ?? ContractYaml);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

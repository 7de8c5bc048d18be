using System.Diagnostics;
using PortfolioProject.ConfidentLearning;

namespace PortfolioProject.Cli;

/// <summary>Measures what this repository promises about speed, on this machine, each job once after a warm-up.</summary>
internal static class BenchVerb
{
    public static Command Create(Lazy<string> root)
    {
        var (options, rows) = (new RunOptions(), new Option<int>("--rows") { Description = "Rows of the audited table.", DefaultValueFactory = _ => 50_000 });
        var command = new Command("bench", "Measures one seed, all seeds, confident learning and a large audit. Example: bench --rows 10000") { rows };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var (config, table) = options.Load(parsed, root.Value);
            var (p, labels, large) = (Drawn(100_000, 10), Enumerable.Range(0, 100_000).Select(i => i % 10).ToArray(), Clouds(parsed.GetValue(rows), 64, 10));
            void Seed(long seed) => new SeedLadder(table, config, config.Planted, seed, (_, _) => { }).Climb(curve: true);
            Seed(config.Seed);
            var jobs = new (string Name, double Budget, Action Work)[]
            {
                ("one seed of the whole ladder", 2, () => Seed(config.Seed)),
                ($"the ladder, {config.Seeds} seeds", 30, () => Parallel.For(0, config.Seeds, i => Seed(config.Seed + i))),
                ("confident learning, 100,000 × 10", 1, () => LabelFilters.Flag(ConfidentJoint.Estimate(labels, p), LabelFilter.PruneByNoiseRate)),
                ($"audit, {large.Count:N0} × {large.Width}", 60, () => LadderRun.Audit(large, config)),
            };
            Screen.WriteTable(parsed.InvocationConfiguration.Output, ["job", "seconds", "budget", "verdict"], jobs.Select(job =>
            {
                var clock = Stopwatch.StartNew();
                job.Work();
                var seconds = clock.Elapsed.TotalSeconds;
                return new[] { job.Name, Format.Number(seconds), Format.Number(job.Budget, 0), seconds <= job.Budget ? "within" : "over" };
            }));
            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static Probabilities Drawn(int n, int classes)
    {
        var stream = new RandomStream(1, 1);
        double[] Row(int i) => [.. Enumerable.Range(0, classes).Select(k => (k == i % classes && stream.Unit() < 0.85 ? 2 : 0) + stream.Unit())];
        return new Probabilities([.. Enumerable.Range(0, n).Select(Row).SelectMany(row => row.Sum() is var sum ? row.Select(v => v / sum) : [])], classes);
    }

    /// <summary>Clouds of normal points around one centre a class; a tenth of the labels are wrong.</summary>
    private static Table Clouds(int n, int width, int classes)
    {
        var stream = new RandomStream(1, 2);
        var centres = Enumerable.Range(0, classes * width).Select(_ => stream.Normal()).ToArray();
        var contract = new Contract { Label = "label", Test = new TestRule { Kind = SplitKind.Stratified }, Columns = [.. Enumerable.Range(0, width).Select(j => new ColumnRule { Name = $"x{j}", Type = ColumnType.Number })] };
        var values = Enumerable.Range(0, n * width).Select(at => centres[((at / width) % classes * width) + (at % width)] + (2 * stream.Normal())).ToArray();
        return new(CsvText.Parse("", "clouds"), contract, [.. contract.Columns.Select(c => c.Name)], values, [.. Enumerable.Range(0, n).Select(i => stream.Unit() < 0.1 ? stream.Below(classes) : i % classes)],
            [.. Enumerable.Range(0, classes).Select(k => $"{k}")], [.. Enumerable.Range(1, n)], [.. Enumerable.Range(0, n).Select(i => i % 10 < 3)], "", new int[width]);
    }
}

using System.Globalization;
using BenchmarkDotNet.Attributes;
using PortfolioProject.Metrics;

namespace MLPortfolio.Benchmarks;

/// <summary>Scoring a TREC run of 1,000,000 lines: 1,000 topics of 1,000 documents.</summary>
[MemoryDiagnoser]
public class ScoreBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("score-benchmark-").FullName;
    private readonly IReadOnlyList<IRankingMeasure> _measures = [.. new[] { "ndcg@10", "map", "mrr", "recall@100" }.Select(RankingMeasures.Parse)];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        using var run = new StreamWriter(Path.Combine(_folder, "run.txt"));
        using var qrels = new StreamWriter(Path.Combine(_folder, "qrels.txt"));
        for (var topic = 1; topic <= 1000; topic++)
        {
            for (var rank = 1; rank <= 1000; rank++)
                run.Write(string.Create(CultureInfo.InvariantCulture, $"{topic} Q0 doc{topic}-{rank} {rank} {1000 - rank + random.NextDouble():R} bench\n"));
            for (var judged = 1; judged <= 50; judged++)
                qrels.Write(string.Create(CultureInfo.InvariantCulture, $"{topic} 0 doc{topic}-{random.Next(20) + (20 * judged)} {random.Next(3)}\n"));
        }
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark]
    public double Score_1000000_run_lines() => TrecScorer.Score(Path.Combine(_folder, "run.txt"), Path.Combine(_folder, "qrels.txt"), _measures, false, false).Mean["map"];
}

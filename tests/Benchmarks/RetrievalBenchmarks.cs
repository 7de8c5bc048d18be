using BenchmarkDotNet.Attributes;
using PortfolioProject.Retrieval;

namespace MLPortfolio.Benchmarks;

/// <summary>Budget: 20 MB of text a second a core to index; 1,000 queries over 10,000 chunks within a second.</summary>
[MemoryDiagnoser]
public class RetrievalBenchmarks
{
    private const int Vocabulary = 30_000;
    private IReadOnlyList<Chunk> _twentyMegabytes = [];
    private Bm25Index _tenThousand = null!;
    private string[] _queries = [];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        string Words(int n) => string.Join(' ', Enumerable.Range(0, n).Select(_ => $"w{(int)(Vocabulary * Math.Pow(random.NextDouble(), 3))}"));
        Chunk Chunk(int i) => Words(200) is var text ? new Chunk($"d{i:00000}#0000", $"d{i:00000}", 0, 0, text.Length, text) : null!;
        var chunks = new List<Chunk>();
        for (long size = 0; size < 20_000_000; size += chunks[^1].Text.Length) chunks.Add(Chunk(chunks.Count));
        _twentyMegabytes = chunks;
        _tenThousand = new Bm25Index([.. chunks.Take(10_000)]);
        _queries = [.. Enumerable.Range(0, 1000).Select(_ => Words(8))];
    }

    [Benchmark]
    public long Index_20_MB() => new Bm25Index(_twentyMegabytes).IndexBytes;

    [Benchmark]
    public int Search_1000_queries_over_10000_chunks() => _queries.Sum(q => _tenThousand.Search(q, 100).Count);
}

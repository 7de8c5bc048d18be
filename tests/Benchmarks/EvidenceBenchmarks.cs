using BenchmarkDotNet.Attributes;
using PortfolioProject.Evidence;

namespace MLPortfolio.Benchmarks;

/// <summary>Budget: 10,000 resamples of 1,000 cases within a second.</summary>
public class EvidenceBenchmarks
{
    private Clusters _cases = null!;

    [GlobalSetup]
    public void Setup() => _cases = Clusters.Of(Enumerable.Range(0, 1000).Select(i => ($"c{i}", i % 7 / 7.0)));

    [Benchmark]
    public double Bootstrap_10000_resamples_of_1000_cases() => Statistics.ClusterBootstrap(_cases, new RandomStream(1, 1))[0];

    [Benchmark]
    public double Sign_flip_10000_of_1000_cases() => Statistics.SignFlip([.. Enumerable.Range(0, 1000).Select(i => i % 7 / 7.0 - 0.4)], new RandomStream(1, 2));
}

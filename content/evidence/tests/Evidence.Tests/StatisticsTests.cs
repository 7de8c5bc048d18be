using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Evidence.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void T_interval_of_1_to_10_is_that_of_the_table()
    {
        // mean 5.5, s = 3.0276504, t(9, .975) = 2.2621572
        var interval = Statistics.TInterval([.. Enumerable.Range(1, 10).Select(i => (double)i)]);
        Assert.Equal(5.5 - (2.262157163 * 3.027650354 / Math.Sqrt(10)), interval.Low, 1e-8);
        Assert.Equal(5.5 + (2.262157163 * 3.027650354 / Math.Sqrt(10)), interval.High, 1e-8);
    }

    [Fact]
    public void T_interval_of_two_values_follows_the_Cauchy_quantile()
    {
        // one degree of freedom: t(.975) = tan(.475 pi)
        var interval = Statistics.TInterval([0.0, 2.0]);
        Assert.Equal(1 + Math.Tan(0.475 * Math.PI), interval.High, 1e-9);
    }

    // Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_interval_matches_Newcombes_table(int successes, int n, double low, double high)
    {
        var interval = Statistics.WilsonInterval(successes, n);
        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
    }

    [Fact]
    public void Wilson_interval_refuses_what_is_no_count() => Assert.Throws<ArgumentException>(() => Statistics.WilsonInterval(0.5, 10));

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.9, 3.7)]
    [InlineData(1.0, 4)]
    public void Quantile_interpolates_between_order_statistics(double p, double expected) => Assert.Equal(expected, Statistics.Quantile([1.0, 2, 3, 4], p), 1e-12);

    [Theory] // the worked example of the nearest-rank method: 15, 20, 35, 40, 50
    [InlineData(0.05, 15)]
    [InlineData(0.3, 20)]
    [InlineData(0.4, 20)]
    [InlineData(0.5, 35)]
    [InlineData(1.0, 50)]
    public void Nearest_rank_gives_a_value_that_was_seen(double p, double expected) => Assert.Equal(expected, Statistics.NearestRank([15.0, 20, 35, 40, 50], p));

    [Fact]
    public void Holm_matches_the_worked_example() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Statistics.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Holm_never_lowers_a_p_and_keeps_their_order() => Prop.ForAll<PositiveInt[]>(numbers =>
    {
        var p = numbers.Select(n => n.Get % 1000 / 1000.0).ToArray();
        var adjusted = Statistics.Holm(p);
        return p.Zip(adjusted).All(x => x.Second >= x.First && x.Second <= 1)
            && Enumerable.Range(0, p.Length).All(i => Enumerable.Range(0, p.Length).All(j => p[i] > p[j] || adjusted[i] <= adjusted[j]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sign_flips_agree_with_exact_enumeration()
    {
        double[] d = [0.3, -0.1, 0.25, 0.4, -0.05, 0.12, 0.2, -0.15, 0.31, 0.07];
        var observed = Math.Abs(d.Sum());
        var reached = Enumerable.Range(0, 1 << d.Length).Count(mask => Math.Abs(d.Select((x, i) => (mask >> i & 1) == 0 ? x : -x).Sum()) >= observed - 1e-12);
        Assert.Equal(reached / 1024.0, Statistics.SignFlip(d, new RandomStream(1, 991), 200_000), 0.002);
    }

    [Fact]
    public void Sign_flips_of_no_difference_give_1() => Assert.Equal(1, Statistics.SignFlip(new double[70], new RandomStream(1, 991), 1000));

    [Fact]
    public void Sign_flips_use_independent_signs_beyond_64_clusters()
    {
        // 100 differences of 1: |sum| >= 100 happens with probability 2^-99
        Assert.Equal(1 / 10_001.0, Statistics.SignFlip([.. Enumerable.Repeat(1.0, 100)], new RandomStream(1, 991)));
        // sum of 100 signs: P(|S| >= 20) = 0.0569 (exact binomial)
        double[] mixed = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 1.0 : -1.0)];
        Assert.Equal(0.0569, Statistics.SignFlip(mixed, new RandomStream(1, 991), 100_000), 0.003);
    }

    [Fact]
    public void Bootstrap_of_a_share_over_single_cases_is_the_binomial_distribution()
    {
        // 25 of 50: Binomial(50, 1/2) has its 2.5 % and 97.5 % quantiles at 18 and 32
        var clusters = Clusters.Of(Enumerable.Range(0, 50).Select(i => ($"c{i:00}", i % 2 == 0 ? 1.0 : 0.0)));
        var interval = Statistics.PercentileInterval(Statistics.ClusterBootstrap(clusters, new RandomStream(7, 990)));
        Assert.Equal((0.36, 0.64), (interval.Low, interval.High));
    }

    [Fact]
    public void Bootstrap_over_single_cases_is_the_plain_percentile_bootstrap()
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => Math.Sqrt(i))];
        var clusters = Clusters.Of(values.Select((v, i) => ($"c{i:00}", v)));
        var stream = new RandomStream(3, 990);
        var plain = Enumerable.Range(0, 500).Select(_ => Enumerable.Range(0, 30).Sum(_ => values[stream.Below(30)]) / 30).Order().ToArray();
        Assert.Equal(plain, Statistics.ClusterBootstrap(clusters, new RandomStream(3, 990), 500));
    }

    [Fact]
    public void Cluster_bootstrap_is_wider_than_case_bootstrap_when_clusters_agree()
    {
        // ten clusters of ten equal cases: the truth has ten observations, not a hundred, so the interval is sqrt(10) times as wide
        var cases = Enumerable.Range(0, 100).Select(i => (Cluster: i / 10, Value: (double)(i / 10 % 2))).ToList();
        double Width(Func<int, string> cluster) => Statistics.PercentileInterval(Statistics.ClusterBootstrap(
            Clusters.Of(cases.Select((c, i) => (cluster(i), c.Value))), new RandomStream(5, 990))) is var x ? x.High - x.Low : 0;
        Assert.Equal(Math.Sqrt(10), Width(i => $"{i / 10}") / Width(i => $"{i:000}"), 0.35);
    }

    [Fact]
    public void Cluster_bootstrap_is_a_ratio_of_sums()
    {
        // clusters of 1 and 3 cases, values 1 and 0: a resample is 1, 0 or 1/4, never the mean of means 1/2
        var clusters = Clusters.Of([("a", 1.0), ("b", 0), ("b", 0), ("b", 0)]);
        Assert.Equal([0, 0.25, 1], Statistics.ClusterBootstrap(clusters, new RandomStream(5, 990), 200).Distinct());
    }

    [Fact]
    public void Bootstrap_intervals_cover_the_truth_about_as_often_as_they_say()
    {
        var (covered, data) = (0, new RandomStream(11, 1));
        for (var trial = 0; trial < 400; trial++)
        {
            var cases = Enumerable.Range(0, 40).SelectMany(c => data.Normal() is var shared ? Enumerable.Range(0, 3).Select(_ => ($"c{c:00}", shared + data.Normal())) : []).ToList();
            var interval = Statistics.PercentileInterval(Statistics.ClusterBootstrap(Clusters.Of(cases), new RandomStream(trial, 990), 500));
            covered += interval.Low <= 0 && interval.High >= 0 ? 1 : 0;
        }

        Assert.InRange(covered / 400.0, 0.91, 0.98);
    }

    [Fact]
    public void T_intervals_cover_the_truth_as_often_as_they_say()
    {
        var data = new RandomStream(12, 1);
        var covered = Enumerable.Range(0, 2000).Count(_ => Statistics.TInterval([.. Enumerable.Range(0, 5).Select(_ => data.Normal())]) is { Low: <= 0, High: >= 0 });
        Assert.InRange(covered / 2000.0, 0.935, 0.965);
    }
}

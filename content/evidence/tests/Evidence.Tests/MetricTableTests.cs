namespace PortfolioProject.Evidence.Tests;

public sealed class MetricTableTests
{
    private static MetricTable Measure(IEnumerable<CaseRecord> cases, MeasureOptions? options = null) => MetricTable.Measure([.. cases], Sample.Metrics, 1, options ?? new() { Resamples = 300 });

    [Fact]
    public void A_metric_is_the_mean_over_the_cases_that_have_it()
    {
        var cases = Sample.Cases(unscored: i => i < 10).ToList();
        var row = Measure(cases).Find("accuracy", "good")!;
        var scored = cases.Where(c => c.Variant == "good" && c.Values.ContainsKey("accuracy")).Select(c => c.Values["accuracy"]).ToList();
        Assert.Equal((50, 20, 10), (row.N, row.Clusters, row.Unscored));
        Assert.Equal(scored.Sum() / 50, row.Value!.Value, 1e-12);
        Assert.InRange(row.Value.Value, row.Interval!.Low, row.Interval.High);
    }

    [Fact]
    public void What_nobody_scored_is_not_measured()
    {
        var row = Measure(Sample.Cases(unscored: _ => true)).Find("accuracy", "good")!;
        Assert.Equal((null, null, 0, 60), (row.Value, row.Interval, row.N, row.Unscored));
    }

    [Fact]
    public void Scope_and_slices_choose_cases()
    {
        var table = Measure(Sample.Cases(), new() { Scope = c => c.Case != "q00", Slices = ["type"], Resamples = 100 });
        Assert.Equal((19, 40), (table.Find("accuracy", "good", "type=numeric")!.N, table.Find("accuracy", "good", "type=text")!.N));
        Assert.Null(table.Find("cost", "good", "type=numeric")); // only headline metrics are sliced
        Assert.NotNull(Measure(Sample.Cases(), new() { Slices = ["type"], SliceMetrics = ["cost"], Resamples = 100 }).Find("cost", "good", "type=numeric"));
    }

    [Fact]
    public void Few_clusters_and_small_slices_are_flagged()
    {
        var few = Measure(Sample.Cases().Where(c => string.CompareOrdinal(c.Cluster, "d09") < 0));
        Assert.Equal("few clusters", few.Find("accuracy", "good")!.Flag);
        var small = Measure(Sample.Cases().Where(c => string.CompareOrdinal(c.Case, "q24") < 0), new() { Slices = ["type"], Resamples = 100 });
        Assert.Equal("too small; few clusters", small.Find("accuracy", "good", "type=numeric")!.Flag);
    }

    [Fact]
    public void A_single_cluster_has_no_interval() => Assert.Null(Measure(Sample.Cases().Where(c => c.Cluster == "d00")).Find("accuracy", "good")!.Interval);

    [Fact]
    public void A_metric_that_a_null_system_wins_is_flagged_on_every_row()
    {
        var options = new MeasureOptions { Resamples = 100, NullVariants = new HashSet<string> { "null" } };
        Assert.All(Measure(Sample.Cases(), options).Rows, r => Assert.Null(r.Flag));
        var cheap = Sample.Cases().Select(c => c.Variant == "null" ? c with { Values = new Dictionary<string, double> { ["cost"] = 0 } } : c);
        Assert.Equal(["won by null system null"], Measure(cheap, options).Rows.Where(r => r.Name == "cost").Select(r => r.Flag).Distinct());
    }

    [Fact]
    public void Wilson_and_t_intervals_are_used_where_a_metric_asks_for_them()
    {
        var cases = Sample.Cases().Where(c => c.Variant == "good").ToList();
        var right = cases.Sum(c => c.Values["accuracy"]);
        var wilson = MetricTable.Measure(cases, [Sample.Metrics[0] with { Method = IntervalMethod.Wilson }], 1).Rows[0];
        Assert.Equal(Statistics.WilsonInterval(right, 60), wilson.Interval);
        var seeds = MetricTable.Measure(cases, [Sample.Metrics[0] with { Method = IntervalMethod.TOverSeeds }], 1).Rows[0];
        Assert.Equal(Statistics.TInterval([.. cases.GroupBy(c => c.Cluster).OrderBy(g => g.Key).Select(g => g.Average(c => c.Values["accuracy"]))]).Low, seeds.Interval!.Low, 1e-12);
    }

    [Fact]
    public void Rows_do_not_depend_on_the_order_of_cases() =>
        Assert.Equal(Measure(Sample.Cases()).Rows, Measure(Sample.Cases().OrderBy(c => c.Case, StringComparer.Ordinal).Reverse()).Rows);
}

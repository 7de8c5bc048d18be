using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class DataQualityTests
{
    private static FeatureColumn Column(string name, double least, double most, double[] edges, params long[] counts) => new(name, least, most, 0, 1, new Histogram(edges, counts));

    [Fact]
    public void Values_outside_of_the_training_range_and_missing_ones_are_counted_by_feature()
    {
        var quality = new DataQuality([.. Enumerable.Range(0, 11).Select(i => Column($"f{i}", 0, i == 10 ? 0.1 : 5, [1], 5, 5))]);
        var row = new float[11];
        quality.Observe(row);
        (row[2], row[9], row[10]) = (-1, 6, 0.1f);
        quality.Observe([.. row, .. row]);
        row[2] = float.NaN;
        quality.Observe(row);
        quality.CountMissing(4);
        var report = quality.Report();
        Assert.Equal(4, report.Rows);
        Assert.Equal([0, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0], report.Features.Select(f => f.OutOfRange));
        Assert.Equal([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], report.Features.Select(f => f.Missing));
    }

    [Fact]
    public void A_row_seen_a_moment_ago_is_a_duplicate()
    {
        var (quality, stream) = (new DataQuality([.. Enumerable.Range(0, 5).Select(i => Column($"f{i}", 0, 16, [1], 5, 5))]), new RandomStream(3, 1));
        float[][] rows = [.. Enumerable.Range(0, 1000).Select(_ => Enumerable.Range(0, 5).Select(_ => (float)stream.Unit()).ToArray())];
        foreach (var row in rows) quality.Observe(row);
        Assert.Equal(0, quality.Report().Duplicate);
        foreach (var row in rows[^100..]) quality.Observe(row);
        Assert.InRange(quality.Report().Duplicate, 95, 100);
    }

    [Fact]
    public void Counts_that_differ_in_high_bits_only_are_different_rows()
    {
        var (quality, stream) = (new DataQuality([.. Enumerable.Range(0, 64).Select(i => Column($"f{i}", 0, 16, [1], 5, 5))]), new RandomStream(3, 2));
        for (var i = 0; i < 3000; i++) quality.Observe([.. Enumerable.Range(0, 64).Select(_ => (float)stream.Below(17))]);
        Assert.Equal((3000, 0), (quality.Report().Rows, quality.Report().Duplicate));
    }

    [Fact]
    public void A_feature_that_stopped_moving_is_constant_unless_training_rows_stood_there_too()
    {
        var quality = new DataQuality([Column("stuck", 0, 9, [1, 5], 40, 40, 20), Column("nearly always zero", 0, 9, [0], 995, 5), Column("moving", 0, 9, [1], 5, 5)]);
        void Send(int rows, float stuck)
        {
            for (var i = 0; i < rows; i++) quality.Observe([stuck < 0 ? i % 3 : stuck, 0, i % 7]);
        }

        Send(DataQuality.Block, 3);
        Assert.DoesNotContain(quality.Report().Features, f => f.Constant);
        Send(1, 3);
        Assert.Equal([true, false, false], quality.Report().Features.Select(f => f.Constant));
        Send(2 * DataQuality.Block, -1);
        Assert.Equal([false, false, false], quality.Report().Features.Select(f => f.Constant));
    }
}

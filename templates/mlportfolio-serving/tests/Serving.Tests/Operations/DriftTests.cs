using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class DriftTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static FeatureColumn Column(double[] edges, params long[] counts) => new("x", -100, 100, 0, 1, new Histogram(edges, counts));

    [Fact]
    public void Bins_are_merged_from_the_left_until_each_has_a_tenth_of_the_training_rows()
    {
        var bins = FeatureBins.Merge(Column([1, 2, 3, 4, 5, 6], 5, 4, 1, 40, 0, 45, 5));
        Assert.Equal([3f, 4], bins.Edges);
        Assert.Equal([10, 40, 50], bins.Training);
        Assert.Equal([100], FeatureBins.Merge(Column([1, 2], 95, 4, 1)).Training);
        Assert.Equal([100], FeatureBins.Merge(Column([0], 100, 0)).Training);
        Assert.Equal([0.5f], FeatureBins.Merge(Column([0, 0.5], 0, 60, 40)).Edges);
    }

    [Fact]
    public void Psi_p_and_distance_are_those_of_a_hand_computed_example()
    {
        var bins = FeatureBins.Merge(Column([1, 2], 50, 30, 20));
        var drift = bins.Compare([10, 12, 18]);
        // (50.5, 30.5, 20.5)/101.5 against (10.5, 12.5, 18.5)/41.5.
        double[] a = [50.5 / 101.5, 30.5 / 101.5, 20.5 / 101.5], b = [10.5 / 41.5, 12.5 / 41.5, 18.5 / 41.5];
        var expected = Enumerable.Range(0, 3).Sum(i => (a[i] - b[i]) * Math.Log(a[i] / b[i]));
        Assert.Equal(expected, drift.Psi!.Value, 12);
        // χ² with two degrees of freedom has the upper tail exp(−x/2).
        Assert.Equal(Math.Exp(-expected / ((1 / 40.0) + (1 / 100.0)) / 2), drift.OwnP!.Value, 12);
        Assert.Equal(0.25, drift.Ks!.Value, 12);
        Assert.Equal((0, 1, 0), (FeatureBins.Merge(Column([1], 50, 50)).Compare([50, 50]) is var same ? (same.Psi, same.OwnP, same.Ks) : default));
    }

    [Fact]
    public void Rows_are_counted_in_the_bins_that_plain_comparisons_give()
    {
        var stream = new RandomStream(7, 1);
        foreach (var width in new[] { 4, 7, 8, 13, 64, 200 })
        {
            var features = Enumerable.Range(0, width).Select(f => OperationsSample.Feature($"f{f}", [.. Enumerable.Range(0, 300).Select(_ => (float)stream.Below(2 + (f % 30)) / 10)])).ToList();
            var monitor = new DriftMonitor(features, new DriftConfig { WindowRows = 1000 }, Start);
            float[] rows = [.. Enumerable.Range(0, 100 * width).Select(_ => (float)stream.Below(40) / 10)];
            monitor.Observe(rows.AsSpan(0, 40 * width), Start);
            monitor.Observe(rows.AsSpan(40 * width), Start);
            var report = monitor.Report().Current;
            Assert.Equal(100, report.Rows);
            for (var f = 0; f < width; f++)
            {
                var bins = FeatureBins.Merge(features[f]);
                var counts = new int[bins.Training.Length];
                for (var i = f; i < rows.Length; i += width) counts[bins.Edges.Count(e => rows[i] > e)]++;
                Assert.Equal(bins.Compare(counts).Psi, report.Features[f].Psi);
            }
        }
    }

    [Fact]
    public void A_value_that_training_counted_at_an_edge_stays_in_its_bin_as_a_float()
    {
        // 0.1 as a float lies above 0.1 as a double.
        var monitor = new DriftMonitor([Column([0.1, 0.2], 50, 0, 50)], new DriftConfig(), Start);
        for (var i = 0; i < 100; i++) monitor.Observe([i % 2 == 0 ? 0.1f : 0.3f], Start);
        Assert.Equal(0, monitor.Report().Current.Features[0].Psi!.Value, 6);
    }

    [Fact]
    public void A_window_closes_when_it_has_the_rows_and_the_time()
    {
        var monitor = new DriftMonitor([Column([0], 50, 50)], new DriftConfig { WindowRows = 40, WindowSeconds = 10 }, Start);
        void Send(int rows, double at, float value)
        {
            for (var i = 0; i < rows; i++) monitor.Observe([value], Start.AddSeconds(at));
        }

        Send(19, 1, 1);
        Assert.Empty(monitor.Report().Current.Features);
        Send(31, 2, 1);
        Assert.Equal((50, false, true, 0L), (monitor.Report().Current.Rows, monitor.Report().Current.Complete, monitor.Report().Current.Alarm, monitor.Report().Windows));
        Send(1, 11, 1);
        Assert.Equal((0, 51, true, 1L, 1L), (monitor.Report().Current.Rows, monitor.Report().Last!.Rows, monitor.Report().Last!.Complete, monitor.Report().Windows, monitor.Report().Alarms));
        Send(39, 30, -1);
        Send(1, 30, 1);
        Assert.Equal((2, 2), (monitor.Report().Windows, monitor.Report().Alarms));
        for (var i = 0; i < 40; i++) monitor.Observe([i % 2 == 0 ? 1 : -1], Start.AddSeconds(60));
        Assert.Equal((3, 2, false), (monitor.Report().Windows, monitor.Report().Alarms, monitor.Report().Last!.Alarm));
    }

    [Fact]
    public void A_feature_with_one_bin_is_not_tested_and_says_so()
    {
        var monitor = new DriftMonitor([Column([0], 50, 50), Column([0], 95, 5)], new DriftConfig(), Start);
        for (var i = 0; i < 100; i++) monitor.Observe([i % 2 == 0 ? 1 : -1, 50], Start);
        var features = monitor.Report().Current.Features;
        Assert.Equal((2, false, 1, false), (features[0].Bins, features[0].Alarm, features[1].Bins, features[1].Alarm));
        Assert.NotNull(features[0].P);
        Assert.Null(features[1].Psi ?? features[1].P ?? features[1].OwnP ?? features[1].Ks);
    }

    [Fact]
    public void Of_2000_clean_windows_at_most_7_in_100_alarm_where_a_fixed_threshold_alarms_on_many_more()
    {
        // Forty training sets: the windows that are compared with one of them share its luck.
        var (exact, fixedThreshold) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var world = new World(1_400, 2026 + seed);
            for (var w = 0; w < 50; w++)
            {
                var window = world.Window(200, _ => 0);
                exact += window.Alarm ? 1 : 0;
                fixedThreshold += window.Features.Any(f => f.Psi > 0.1) ? 1 : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"clean windows of 200 rows, 64 features, 1,400 training rows: {exact / 20.0}% alarm; PSI > 0.1 somewhere: {fixedThreshold / 20.0}%");
        Assert.InRange(exact, 1, 140);
        Assert.InRange(fixedThreshold, 300, 2_000);
    }

    [Fact]
    public void Power_grows_with_the_shift_the_rows_and_the_number_of_features_that_moved()
    {
        const int Windows = 200;
        var world = new World(1_400, 11);
        var power = new Dictionary<(int Rows, int Moved, double Shift), double>();
        foreach (var rows in new[] { 50, 200, 1_000 })
            foreach (var moved in new[] { 1, 8, 64 })
                foreach (var shift in new[] { 0.25, 0.5, 1.0 })
                {
                    power[(rows, moved, shift)] = Enumerable.Range(0, Windows).Count(_ => world.Window(rows, f => f < moved ? shift : 0).Alarm) / (double)Windows;
                    TestContext.Current.TestOutputHelper?.WriteLine($"{rows,5} rows, {moved,2} of 64 features moved by {shift:F2} standard deviations: {power[(rows, moved, shift)]:P0} of windows alarm");
                }

        Assert.All(power, p => Assert.InRange(p.Value, power.GetValueOrDefault((p.Key.Rows, p.Key.Moved, p.Key.Shift / 2)) - 0.08, 1));
        Assert.InRange(power[(200, 1, 1.0)], 0.95, 1);
        Assert.InRange(power[(200, 64, 0.5)], 0.95, 1);
        Assert.InRange(power[(1_000, 8, 0.5)], 0.95, 1);
        Assert.InRange(power[(50, 1, 0.25)], 0, 0.3);
    }

    /// <summary>Correlated features of three kinds: normal, a count with many ties, and mostly zero, as pixels are. A shift moves the normal score under each.</summary>
    private sealed class World
    {
        private readonly RandomStream _stream;
        private readonly List<FeatureColumn> _features;

        public World(int trainingRows, long seed)
        {
            _stream = new RandomStream(seed, 5);
            var rows = Enumerable.Range(0, trainingRows).Select(_ => Row(_ => 0)).ToList();
            _features = [.. Enumerable.Range(0, 64).Select(f => OperationsSample.Feature($"f{f}", [.. rows.Select(r => r[f])]))];
        }

        public DriftWindow Window(int rows, Func<int, double> shift)
        {
            var monitor = new DriftMonitor(_features, new DriftConfig { WindowRows = int.MaxValue }, Start);
            for (var i = 0; i < rows; i++) monitor.Observe(Row(shift), Start);
            return monitor.Report().Current;
        }

        private float[] Row(Func<int, double> shift)
        {
            var shared = _stream.Normal();
            var row = new float[64];
            for (var f = 0; f < row.Length; f++)
            {
                var score = (0.5 * shared) + (Math.Sqrt(0.75) * _stream.Normal()) + shift(f);
                row[f] = (f % 3) switch { 0 => (float)score, 1 => (float)Math.Clamp(Math.Round((score + 2) * 4), 0, 16), _ => (float)Math.Max(0, score - (0.01 * f)) };
            }

            return row;
        }
    }
}

namespace PortfolioProject.Evidence.Tests;

public sealed class ComparisonTests
{
    private static readonly MetricDefinition Accuracy = Sample.Metrics[0], Cost = Sample.Metrics[1];

    private static List<CaseRecord> Of(string variant, double good = 0.8) => [.. Sample.Cases(good).Where(c => c.Variant == variant)];

    private static List<CaseRecord> Values(params double[] values) => [.. values.Select((v, i) => new CaseRecord
    {
        Case = $"c{i:000}",
        Variant = "v",
        Cluster = $"k{i:000}",
        Outcome = "",
        Values = new Dictionary<string, double> { ["accuracy"] = v },
    })];

    [Fact]
    public void A_clear_gain_is_better_whether_more_or_less_is_good()
    {
        var rows = PairedComparison.Compare(Of("null"), Of("good"), Sample.Metrics, 1);
        Assert.Equal(["accuracy", "cost"], rows.Select(r => r.Metric));
        Assert.All(rows, r => Assert.Equal(Verdict.Better, r.Verdict));
        Assert.Equal(rows[0].Difference, rows[1].Difference, 1e-12);
        Assert.All(PairedComparison.Compare(Of("good"), Of("null"), Sample.Metrics, 1), r => Assert.Equal(Verdict.Worse, r.Verdict));
    }

    [Fact]
    public void The_same_answers_are_no_evidence()
    {
        var row = PairedComparison.Compare(Of("good"), Of("good"), [Accuracy], 1)[0];
        Assert.Equal((0, 0, 0, 1, Verdict.NoEvidence), (row.Difference, row.Interval.Low, row.Interval.High, row.P, row.Verdict));
    }

    [Fact]
    public void Better_is_never_said_unless_the_interval_excludes_zero_and_holm_agrees()
    {
        foreach (var (low, high, p, verdict) in new[] { (0.01, 0.2, 0.04, Verdict.Better), (0.01, 0.2, 0.06, Verdict.NoEvidence), (0.0, 0.2, 0.01, Verdict.NoEvidence), (-0.2, -0.01, 0.01, Verdict.Worse) })
            Assert.Equal(verdict, Comparison.Judge(new Interval(low, high, ""), p));
    }

    [Fact]
    public void Pairing_removes_what_cases_share()
    {
        // values differ wildly between cases, the candidate gains 0.1 on each: no spread is left
        double[] before = [.. Enumerable.Range(0, 30).Select(i => (double)(i * i % 17))];
        var row = PairedComparison.Compare(Values(before), Values([.. before.Select(v => v + 0.1)]), [Accuracy], 1)[0];
        Assert.Equal((0.1, 0.1, 0.1), (Math.Round(row.Difference, 9), Math.Round(row.Interval.Low, 9), Math.Round(row.Interval.High, 9)));
    }

    [Fact]
    public void The_smallest_detectable_effect_is_2_8_standard_errors_of_the_mean_difference()
    {
        var stream = new RandomStream(8, 1);
        double[] d = [.. Enumerable.Range(0, 200).Select(_ => stream.Normal())];
        var row = PairedComparison.Compare(Values(new double[200]), Values(d), [Accuracy], 1)[0];
        var error = Math.Sqrt(d.Sum(x => (x - d.Average()) * (x - d.Average())) / 200 / 200); // of a resampled mean
        Assert.Equal(2.8 * error, row.MinimumDetectable, 0.02 * 2.8 * error);
    }

    [Fact]
    public void Unpaired_cases_are_counted_and_left_out()
    {
        var row = PairedComparison.Compare([.. Of("fair").Skip(5)], [.. Of("good").SkipLast(7)], [Accuracy], 1)[0];
        Assert.Equal((48, 12), (row.N, row.Unpaired));
    }

    [Fact]
    public void Unscored_cases_do_not_pair()
    {
        var candidate = Sample.Cases(unscored: i => i < 6).Where(c => c.Variant == "good").ToList();
        Assert.Equal((54, 6), PairedComparison.Compare(Of("good"), candidate, [Accuracy], 1)[0] is var r ? (r.N, r.Unpaired) : default);
    }

    [Fact]
    public void Seeds_get_a_t_interval()
    {
        var definition = Accuracy with { Method = IntervalMethod.TOverSeeds };
        var row = PairedComparison.Compare(Values(new double[10]), Values([.. Enumerable.Range(1, 10).Select(i => (double)i)]), [definition], 1)[0];
        var expected = Statistics.TInterval([.. Enumerable.Range(1, 10).Select(i => (double)i)]);
        Assert.Equal((expected.Low, expected.High, 2.8 * Math.Sqrt(55.0 / 6 / 10)), (row.Interval.Low, row.Interval.High, Math.Round(row.MinimumDetectable, 12) is var m ? m : 0), new Near());
    }

    [Fact]
    public void Holm_counts_slices_as_a_family_of_their_own()
    {
        var rows = PairedComparison.Compare(Of("fair"), Of("good"), [Accuracy, Cost], 1, slices: ["type"]);
        Assert.Equal([null, null, "type=numeric", "type=text", "type=numeric", "type=text"], rows.Select(r => r.Slice));
        Assert.Equal(Statistics.Holm([.. rows.Take(2).Select(r => r.P)]), rows.Take(2).Select(r => r.AdjustedP));
        Assert.Equal(Statistics.Holm([.. rows.Skip(2).Select(r => r.P)]), rows.Skip(2).Select(r => r.AdjustedP));
    }

    [Fact]
    public void Adding_a_metric_moves_no_interval() =>
        Assert.Equal(PairedComparison.Compare(Of("fair"), Of("good"), [Accuracy], 1)[0].Interval, PairedComparison.Compare(Of("fair"), Of("good"), [Cost, Accuracy], 1)[1].Interval);

    private sealed class Near : IEqualityComparer<(double, double, double)>
    {
        public bool Equals((double, double, double) a, (double, double, double) b) =>
            Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Item3 - b.Item3) < 1e-9;

        public int GetHashCode((double, double, double) x) => 0;
    }
}

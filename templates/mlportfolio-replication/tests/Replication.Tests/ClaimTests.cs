namespace PortfolioProject.Replication.Tests;

/// <summary>Verdicts follow from numbers by rule, whichever way the numbers fall.</summary>
public sealed class ClaimTests
{
    [Fact]
    public void A_peak_at_the_threshold_is_found_there() => Assert.Equal([1, 1, 1], Values(new() { Quantity = Quantity.Argmax }, Peaked));

    [Fact]
    public void From_hides_what_lies_before_it() => Assert.Equal([2, 2, 2], Values(new() { Quantity = Quantity.Argmax, From = 1.5 }, Peaked));

    [Theory]
    [InlineData(Quantity.Value, 8)]
    [InlineData(Quantity.Difference, -7)]
    [InlineData(Quantity.GainOverBestSmall, -7)]
    [InlineData(Quantity.ShareOfKernel, 16)]
    public void A_quantity_is_what_its_name_says(Quantity quantity, double expected) => Assert.Equal(expected, Values(new() { Quantity = quantity, From = 0.5, To = 1 }, Peaked)[0], 1e-12);

    [Fact]
    public void A_power_law_has_its_slope() => Assert.Equal(-0.5, Values(new() { Quantity = Quantity.Slope, From = 0.1 }, (size, _) => 3 / Math.Sqrt(size))[0], 1e-6);

    [Fact]
    public void A_power_law_that_begins_at_the_threshold_has_its_slope_there() =>
        Assert.All(Series.Of(Peak((size, _) => size > 1 ? 3 / Math.Sqrt(size - 1) : 9), "minimum-norm", "test-loss", "0").Powers(2, shift: 1), p => Assert.Equal(-0.5, p, 1e-6));

    [Fact]
    public void A_mean_is_asked_for_by_its_interval()
    {
        var line = Line(new() { Quantity = Quantity.Value, To = 1 });
        Assert.Equal("95 % interval above 0", Summary.Rule(line with { Statistic = Statistic.Mean }));
        Assert.Equal("median above 0", Summary.Rule(line));
        Assert.Equal("mean within 0.5 of 0", Summary.Rule(line with { Statistic = Statistic.Mean, Condition = Condition.Within, Tolerance = 0.5 }));
    }

    [Fact]
    public void A_rise_counts_only_when_seeds_agree_on_it()
    {
        Assert.Equal([1.0], Values(new() { Quantity = Quantity.Rises }, (size, seed) => (size == 1 ? 8 : size == 2 ? 4 : 1 / size) * (1 + (0.01 * seed))));
        Assert.Equal([0.0], Values(new() { Quantity = Quantity.Rises }, (size, seed) => (1 / size) + (size == 1 && seed == 1 ? 5 : 0)));
    }

    [Theory]
    [InlineData(Condition.Above, 7.9, null, Statistic.Minimum, true)]
    [InlineData(Condition.Above, 8, null, Statistic.Minimum, false)]
    [InlineData(Condition.Below, 8.1, null, Statistic.Maximum, true)]
    [InlineData(Condition.Within, 8.5, 0.5, Statistic.Median, true)]
    [InlineData(Condition.Within, 8.6, 0.5, Statistic.Median, false)]
    public void A_line_holds_by_its_condition(Condition condition, double expected, double? tolerance, Statistic statistic, bool holds)
    {
        var line = Line(new() { Quantity = Quantity.Value, To = 1 }) with { Condition = condition, Expected = expected, Tolerance = tolerance, Statistic = statistic };
        Assert.Equal(holds, ClaimJudge.Judge(Claim(line), Peak(Peaked)).Lines[0].Holds);
    }

    [Fact]
    public void A_mean_holds_by_its_interval_and_not_by_itself()
    {
        var line = Line(new() { Quantity = Quantity.Value, To = 1 }) with { Condition = Condition.Above, Expected = 7.5, Statistic = Statistic.Mean };
        Assert.True(ClaimJudge.Judge(Claim(line), Peak((_, seed) => 8 + (0.01 * seed))).Lines[0].Holds);
        var spread = ClaimJudge.Judge(Claim(line), Peak((_, seed) => 8 + (3 * seed))).Lines[0];
        Assert.True(spread.Mean > 7.5 && spread.Interval!.Low < 7.5 && !spread.Holds);
    }

    [Fact]
    public void All_lines_reproduce_some_are_partly_none_are_not_and_missing_data_is_not_tested()
    {
        ClaimLine holds = Line(new() { Quantity = Quantity.Value, To = 1 }) with { Condition = Condition.Above, Expected = 0, Statistic = Statistic.Minimum }, fails = holds with { Expected = 100 };
        Assert.Equal(Outcome.Reproduced, ClaimJudge.Judge(Claim(holds, holds), Peak(Peaked)).Outcome);
        Assert.Equal(Outcome.Partly, ClaimJudge.Judge(Claim(holds, fails), Peak(Peaked)).Outcome);
        Assert.Equal(Outcome.NotReproduced, ClaimJudge.Judge(Claim(fails), Peak(Peaked)).Outcome);
        Assert.Equal(Outcome.NotTested, ClaimJudge.Judge(Claim(holds, holds with { To = 7 }), Peak(Peaked)).Outcome);
        Assert.Equal(Outcome.NotTested, ClaimJudge.Judge(Claim(holds), null).Outcome);
    }

    [Fact]
    public void The_claims_of_the_repository_can_be_read_and_are_judged_on_kinds_that_a_configuration_makes()
    {
        var root = Repository.FindRoot(AppContext.BaseDirectory);
        var kinds = Directory.GetFiles(Path.Combine(root, "configs"), "*.yaml", SearchOption.AllDirectories).SelectMany(f => File.ReadLines(f).Where(l => l.StartsWith("kind:", StringComparison.Ordinal)).Take(1)).Select(l => l[5..].Trim()).ToList();
        var claims = ClaimFile.Read(root).Claims;
        Assert.Equal(["C1", "C2", "C3", "C4", "C5", "C6", "E1", "E2", "E3", "E4", "T1"], claims.Select(c => c.Id).Where(id => id[0] is 'C' or 'E' or 'T'));
        Assert.All(claims, c => Assert.Contains(c.Kind, kinds));
    }

    [Fact]
    public void A_tolerance_where_none_belongs_is_refused()
    {
        using var toy = new Toy();
        toy.Write("claims.yaml", TextFile.Read(Path.Combine(toy.Root, "claims.yaml")).Replace("condition: above, expected: 0 }", "condition: above, expected: 0, tolerance: 1 }"));
        Assert.Contains("claims.1.lines.0", Assert.Throws<UserError>(() => ClaimFile.Read(toy.Root)).Message);
    }

    private static double Peaked(double size, int seed) => size == 1 ? 8 : 1 / Math.Max(1, size);

    private static ClaimLine Line(Draft draft) => new() { Quantity = draft.Quantity, Metric = "test-loss", From = draft.From, To = draft.To, Noise = [0], Statistic = Statistic.Median, Condition = Condition.Above, Expected = 0 };

    private static Claim Claim(params ClaimLine[] lines) => new() { Id = "X", Paper = "p", Kind = "k", Statement = "s", Quote = "q", Quoted = false, Where = "w", Source = Source.Derived, Lines = lines };

    private static double[] Values(Draft draft, Func<double, int, double> loss) => ClaimJudge.Values(Line(draft), Peak(loss), 0);

    /// <summary>Three seeds, four sizes; the kernel limit is 0.5.</summary>
    private static Run Peak(Func<double, int, double> loss) => new("", new RunManifest("", "k", "", "", [], 0, [], "", "", 1, "", default),
    [
        .. from seed in Enumerable.Range(0, 3)
           from size in new[] { 0.5, 1, 2, 4 }
           select Cells.Record("minimum-norm", $"noise 0, N/n {size}", seed, [("test-loss", loss(size, seed)), ("features", 100 * size), ("samples", 100)], new Dictionary<string, string> { ["noise"] = "0" }),
        .. from seed in Enumerable.Range(0, 3)
           select Cells.Record("kernel", "noise 0, limit", seed, [("test-loss", 0.5), ("samples", 100)], new Dictionary<string, string> { ["noise"] = "0" }),
    ], []);

    private sealed record Draft
    {
        public Quantity Quantity { get; init; }
        public double? From { get; init; }
        public double? To { get; init; }
    }
}

namespace PortfolioProject.Evaluation;

/// <summary>
/// What a judge's run measures, from its cases alone. Grades are believed only while the lower bound of kappa against the labels stands at or above
/// the configured floor, on 30 labels or more; else each is unscored and says why.
/// </summary>
public static class JudgeMetrics
{
    public const string Kind = "judge", Calibration = "calibration";
    private const int FewestLabels = 30;
    private static readonly string[] Grades = ["judge-preference", "judge-score"];

    public static IReadOnlyList<MetricDefinition> Definitions { get; } = HarnessMetrics.Of(Kind);

    private static MetricDefinition Agreement => Definitions[0];

    /// <summary>Those that apply: two answers are preferred among, one is scored.</summary>
    internal static IReadOnlyList<MetricDefinition> Of(Run run) => [.. Definitions.Where(d => d.Name != Grades[run.Manifest.Config["inputs"]?["b"] is null ? 0 : 1])];

    public static MetricTable Measure(Run run, MeasureOptions options)
    {
        var ratings = run.Cases.Where(c => c.Variant == Calibration && c.Outcome != nameof(Outcome.InfraError)).Select(c => ((string)c.Detail!["label"]!, (string)c.Detail["verdict"]!)).ToList();
        double? kappa = ratings.Count == 0 ? null : Kappa.Of(ratings);
        var interval = kappa is null ? null : Kappa.Bootstrap(ratings, run.Manifest.Seed, options.Resamples);
        var floor = (double?)run.Manifest.Config["inputs"]?["judge"]?["kappa_floor"] ?? 1;
        var why = ratings.Count < FewestLabels ? string.Create(CultureInfo.InvariantCulture, $"suppressed: {ratings.Count} labels of this kind, {FewestLabels} needed")
            : interval!.Low < floor ? string.Create(CultureInfo.InvariantCulture, $"suppressed: kappa's lower bound {interval.Low:0.000} is under the floor {floor}; most frequent reply {MostFrequent(run)}") : null;
        CaseRecord Believed(CaseRecord c) => why is null || !c.Values.Keys.Intersect(Grades).Any() ? c
            : c with { Values = c.Values.Where(v => !Grades.Contains(v.Key)).ToDictionary(), Unscored = c.Values.Keys.Intersect(Grades).ToDictionary(name => name, _ => why) };
        var rows = MetricTable.Measure([.. run.Cases.Select(Believed)], [.. Of(run).Except([Agreement])], run.Manifest.Seed, options).Rows;
        return new([new(Agreement.Name, Calibration, ratings.Count, ratings.Count, 0, Agreement.Unit, Agreement.Direction, Agreement.Denominator, null, kappa, interval, why), .. rows]);
    }

    /// <summary>A judge that always says the same shows here.</summary>
    private static string MostFrequent(Run run)
    {
        var replies = run.Cases.SelectMany(c => c.Detail!["replies"]!.AsArray().Select(r => (string)r!)).ToList();
        var most = replies.CountBy(r => r).MaxBy(r => r.Value);
        return string.Create(CultureInfo.InvariantCulture, $"\"{most.Key}\", {most.Value} of {replies.Count}");
    }
}

using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Evidence;

public enum GateOutcome { Pass, Fail, Inconclusive, Infra }

/// <summary>One line of configs/gates.yaml: a variant may be worse than published by less than the margin (in the metric's unit).</summary>
public sealed record GateRule
{
    public required string Metric { get; init; }
    public required string Variant { get; init; }

    [Range(0, double.MaxValue)]
    public required double Margin { get; init; }

    /// <summary>Such as "type=numeric"; all cases in scope when absent.</summary>
    public string? Slice { get; init; }
}

/// <summary>configs/gates.yaml.</summary>
public sealed record GateConfig
{
    public required IReadOnlyList<GateRule> Gates { get; init; }

    /// <summary>Whether an inconclusive gate (exit 3) fails CI too.</summary>
    public bool Strict { get; init; }

    /// <summary>The largest share of cases that may be unscored, or stand on one side only, before a gate reads INFRA.</summary>
    [Range(0.0, 1.0)]
    public double MaxUnscoredShare { get; init; } = 0.05;
}

public sealed record GateResult(GateRule Rule, Comparison? Comparison, GateOutcome Outcome, string Reason);

/// <summary>Non-inferiority against the published run: PASS if the interval's low end is above −margin; else FAIL if its high end is below 0; else INCONCLUSIVE.</summary>
public static class Gate
{
    public const string ConfigFile = "configs/gates.yaml";

    /// <summary>Judges every rule; a rule that names an unknown metric is a <see cref="UserError"/>.</summary>
    public static IReadOnlyList<GateResult> Judge(GateConfig config, Run baseline, Run candidate, Portfolio portfolio)
    {
        var compared = config.Gates.GroupBy(r => r.Variant).SelectMany(g => PairedComparison.Compare(new Operand(baseline, g.Key).Cases, new Operand(candidate, g.Key).Cases,
            [.. g.Select(r => portfolio.Metric(r.Metric, ConfigFile)).Distinct()], baseline.Manifest.Seed, portfolio.Scope,
            [.. g.Select(r => r.Slice?.Split('=')[0]).OfType<string>().Distinct()]).Select(c => ((g.Key, c.Metric, c.Slice), c))).ToDictionary();
        return [.. config.Gates.Select(rule =>
        {
            var scope = new Operand(candidate, rule.Variant).Cases.Where(portfolio.Scope).ToList();
            return Judge(rule, compared.GetValueOrDefault((rule.Variant, rule.Metric, rule.Slice)), scope.Count(c => c.Unscored?.ContainsKey(rule.Metric) == true),
                scope.Count, config.MaxUnscoredShare);
        })];
    }

    private static GateResult Judge(GateRule rule, Comparison? c, int unscored, int cases, double maxShare) =>
        c is null ? new(rule, c, GateOutcome.Infra, "no case has this metric in both the run and the published baseline")
        : unscored > maxShare * cases ? new(rule, c, GateOutcome.Infra, Format.Text($"{unscored} of {cases} cases unscored, allowed {maxShare:P0}"))
        : c.Unpaired > maxShare * (c.N + c.Unpaired) ? new(rule, c, GateOutcome.Infra, $"{c.Unpaired} cases have the metric in one run only, {c.N} in both")
        : c.Clusters < 2 ? new(rule, c, GateOutcome.Inconclusive, c.Interval.Method)
        : new(rule, c, c.Interval.Low > -rule.Margin ? GateOutcome.Pass : c.Interval.High < 0 ? GateOutcome.Fail : GateOutcome.Inconclusive, Format.Text(
            $"{Format.Signed(c.Difference)} {Format.Bounds(c.Interval.Low, c.Interval.High)}, margin {rule.Margin}, detectable {c.MinimumDetectable:0.000}, n {c.N}"));
}

namespace PortfolioProject.Ladder;

/// <summary>A step: its name, the step that it changes one thing of, and that one thing. A control is there for comparison only.</summary>
/// <param name="Elsewhere">What <paramref name="Changed"/> reads where nothing is planted.</param>
public sealed record LadderStep(string Name, string? From, string Changed, bool Control = false, string? Elsewhere = null);

/// <summary>The names that runs, charts and documents share.</summary>
public static class LadderSteps
{
    /// <summary>The first honest number: what the data steps are measured from.</summary>
    public const string Redesigned = "redesigned";

    public static IReadOnlyList<LadderStep> All { get; } =
    [
        new("raw", null, "the data as received, split at random"),
        new("blocked", "raw", "test on writers that training did not see", Elsewhere: "test on the sealed rows"),
        new("de-leaked", "blocked", "drop training rows that are test rows"),
        new(Redesigned, "de-leaked", "drop near-duplicates within training"),
        new("pruned", Redesigned, "drop the labels that confident learning doubts"),
        new("reweighted", "pruned", "weight classes by their rarity"),
        new("resampled", "pruned", "draw rare classes again until all are equal"),
        new("shifted", "resampled", "draw rare classes again, moved by one pixel"),
        new("oriented", "reweighted", "add gradient orientations, 4 × 4 zones by 8"),
        new("random-prune", Redesigned, "drop as many rows, by chance", Control: true),
        new("relabelled", Redesigned, "replace the doubted labels by the model's"),
        new("reviewed", Redesigned, "have as many rows reviewed, the most doubtful first", Control: true),
        new("oracle", Redesigned, "give every row its true label", Control: true),
    ];

    public static IReadOnlyList<(string Name, Func<ConfidentJoint, double[]> Score)> Scores { get; } =
    [
        ("self-confidence", LabelScores.SelfConfidence), ("normalized-margin", LabelScores.NormalizedMargin),
        ("confidence-weighted-entropy", LabelScores.ConfidenceWeightedEntropy), ("self-confidence-adjusted", LabelScores.AdjustedSelfConfidence),
    ];

    public static string Budget(string order, int labels) => FormattableString.Invariant($"review-{order}-{labels:0000}");

    public static string At(string finder, double threshold) => FormattableString.Invariant($"{finder}@{threshold:0.00##}");

    public static string Name(LabelFilter filter) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName($"{filter}");
}

namespace PortfolioProject.Evidence;

public enum Verdict { Better, Worse, NoEvidence }

/// <summary>
/// A candidate against a baseline on one metric, paired by case. <see cref="Difference"/> is in the good direction (positive = candidate is
/// better). <see cref="MinimumDetectable"/> is 2.8 standard errors: the effect that this many clusters show with power 0.8 at level 0.05.
/// </summary>
public sealed record Comparison(string Metric, string? Slice, double Baseline, double Candidate, double Difference, Interval Interval, double P,
    double AdjustedP, double MinimumDetectable, int N, int Clusters, Verdict Verdict)
{
    /// <summary>Cases in scope whose value only one side has: they are not in the comparison.</summary>
    public int Unpaired { get; init; }

    /// <summary>The only way the words are said: "better" and "worse" need an adjusted p below 0.05 and an interval that excludes 0.</summary>
    internal static Verdict Judge(Interval interval, double adjustedP) =>
        adjustedP < 0.05 && interval.Low > 0 ? Verdict.Better : adjustedP < 0.05 && interval.High < 0 ? Verdict.Worse : Verdict.NoEvidence;
}

/// <summary>The comparisons of two operands.</summary>
internal sealed record ComparedPair(string Baseline, string Candidate, IReadOnlyList<Comparison> Comparisons);

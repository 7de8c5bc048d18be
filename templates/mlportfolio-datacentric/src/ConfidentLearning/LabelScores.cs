namespace PortfolioProject.ConfidentLearning;

/// <summary>Label quality of each row: low is suspicious. All are between 0 and 1 (Kuan and Mueller 2022).</summary>
public static class LabelScores
{
    private const double SmallestConfidence = 1e-6;

    /// <summary>P of the given label.</summary>
    public static double[] SelfConfidence(ConfidentJoint joint) => [.. joint.Labels.Select((y, i) => joint.P[i, y])];

    /// <summary>(P of the given label − the largest P of another + 1) / 2.</summary>
    public static double[] NormalizedMargin(ConfidentJoint joint) => [.. joint.Labels.Select((y, i) =>
    {
        var other = double.NegativeInfinity;
        for (var k = 0; k < joint.Classes; k++) other = k == y ? other : Math.Max(other, joint.P[i, k]);
        return (joint.P[i, y] - other + 1) / 2;
    })];

    /// <summary>ln(s + 1)/s with s = normalised entropy / self-confidence; 1 at s = 0.</summary>
    public static double[] ConfidenceWeightedEntropy(ConfidentJoint joint) => [.. joint.Labels.Select((y, i) =>
    {
        var entropy = 0.0;
        foreach (var p in joint.P.Row(i)) entropy -= p > 0 ? p * Math.Log(p) : 0;
        var s = entropy / Math.Log(joint.Classes) / Math.Max(joint.P[i, y], SmallestConfidence);
        return s == 0 ? 1 : Math.Log(s + 1) / s;
    })];

    /// <summary>Self-confidence after each class's threshold is taken off, shifted by the largest threshold and normalised: fair to classes that the model finds hard.</summary>
    public static double[] AdjustedSelfConfidence(ConfidentJoint joint) => [.. joint.Labels.Select((y, i) =>
    {
        var shifted = joint.Thresholds.Select((t, k) => joint.P[i, k] - t + joint.Thresholds.Max()).ToArray();
        return shifted[y] / PairwiseSum.Of(shifted);
    })];

    /// <summary>Rows from the lowest score up; of equal scores the lower row first.</summary>
    public static int[] Rank(double[] scores) => [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
}

namespace PortfolioProject.Evaluation;

/// <summary>Finds the abstention threshold that maximises mean utility on the dev split. The test split is never looked at.</summary>
public static class ThresholdTuner
{
    /// <param name="readings">For each dev question: the reader's confidence, its utility when it answers, and when it abstains.</param>
    /// <returns>
    /// The midpoint between the two neighbouring confidences where the mean is highest: the lowest such threshold on a tie, 0 when
    /// answering everything is best, and just above the highest confidence when answering nothing is.
    /// </returns>
    public static double Tune(IReadOnlyList<(double Confidence, double Answering, double Abstaining)> readings)
    {
        var sorted = readings.OrderBy(r => r.Confidence).ThenBy(r => r.Answering).ThenBy(r => r.Abstaining).ToList();
        var utility = sorted.Sum(r => r.Answering);
        var (best, threshold) = (utility, 0.0);
        for (var i = 0; i < sorted.Count; i++)
        {
            utility += sorted[i].Abstaining - sorted[i].Answering;
            var next = i + 1 < sorted.Count ? sorted[i + 1].Confidence : double.PositiveInfinity;
            if (next <= sorted[i].Confidence || utility <= best + 1e-9) continue;
            best = utility;
            threshold = Math.Max(Math.BitIncrement(sorted[i].Confidence), double.IsInfinity(next) ? 0 : (sorted[i].Confidence + next) / 2);
        }
        return threshold;
    }
}

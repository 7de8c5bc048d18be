namespace PortfolioProject.ConfidentLearning;

/// <summary>Ways to turn a confident joint into a list of suspected label errors.</summary>
public enum LabelFilter { PruneByNoiseRate, PruneByClass, Both, ConfidentLearning, PredictedNeqGiven, LowSelfConfidence, LowNormalizedMargin }

/// <summary>Flags rows whose label is probably wrong (Northcutt, Jiang, Chuang 2021, section 3.2). Ties go to the lower row everywhere.</summary>
public static class LabelFilters
{
    private const double Epsilon = 1e-6;

    /// <summary>Flagged rows, ascending.</summary>
    /// <param name="fraction">Which share of the estimated noise the prune filters remove, 0 to 1.</param>
    /// <param name="minimum">A class keeps at least this many rows under the prune filters.</param>
    public static int[] Flag(ConfidentJoint joint, LabelFilter filter, double fraction = 1, int minimum = 1) => filter switch
    {
        LabelFilter.LowSelfConfidence => Lowest(LabelScores.SelfConfidence(joint), Flag(joint, LabelFilter.ConfidentLearning).Length),
        LabelFilter.LowNormalizedMargin => Lowest(LabelScores.NormalizedMargin(joint), Flag(joint, LabelFilter.ConfidentLearning).Length),
        LabelFilter.Both => [.. Flag(joint, LabelFilter.PruneByNoiseRate, fraction, minimum).Intersect(Flag(joint, LabelFilter.PruneByClass, fraction, minimum))],
        LabelFilter.ConfidentLearning => Unflag(joint, joint.OffDiagonalRows),
        LabelFilter.PredictedNeqGiven => Unflag(joint, Enumerable.Range(0, joint.Labels.Length).Where(i => joint.P.Argmax(i) != joint.Labels[i])),
        LabelFilter.PruneByNoiseRate => Unflag(joint, ByNoiseRate(joint, Keep(joint, fraction, minimum), minimum).Distinct().Order()),
        _ => Unflag(joint, ByClass(joint, Keep(joint, fraction, minimum)).Order()),
    };

    private static IEnumerable<int> ByNoiseRate(ConfidentJoint joint, int[][] keep, int minimum) =>
        from k in Enumerable.Range(0, joint.Classes)
        let members = Members(joint, k)
        where members.Length > minimum
        from j in Enumerable.Range(0, joint.Classes)
        where j != k && keep[j][k] > 0
        from at in Lowest([.. members.Select(i => joint.P[i, k] - joint.P[i, j])], keep[j][k])
        select members[at];

    private static IEnumerable<int> ByClass(ConfidentJoint joint, int[][] keep) =>
        from k in Enumerable.Range(0, joint.Classes)
        let members = Members(joint, k)
        from at in Lowest([.. members.Select(i => joint.P[i, k])], members.Length - keep[k][k])
        select members[at];

    /// <summary>How many rows of true class j (first index) and given label k to prune; the diagonal is what stays, at least <paramref name="minimum"/>.</summary>
    private static int[][] Keep(ConfidentJoint joint, double fraction, int minimum)
    {
        var keep = ConfidentJoint.Square(joint.Classes);
        var real = Enumerable.Range(0, joint.Classes).Select(_ => new double[joint.Classes]).ToArray();
        for (var k = 0; k < joint.Classes; k++)
        {
            var column = joint.Counts[k];
            var stays = Math.Max(column[k], minimum);
            var given = (stays - column[k]) / Math.Max(column.Count(c => c != 0) - 1.0, 1);
            var left = column.Select((c, j) => j == k ? stays : Math.Max(c - given, 0)).ToArray();
            for (var j = 0; j < joint.Classes; j++) real[j][k] = j == k ? stays + left.Select((c, i) => i == k ? 0 : c - (c * fraction)).Sum() : left[j] * fraction;
        }

        for (var j = 0; j < joint.Classes; j++) keep[j] = ConfidentJoint.RoundPreservingSum([.. real[j].Select(Math.Truncate)]);
        return keep;
    }

    private static int[] Members(ConfidentJoint joint, int k) => [.. Enumerable.Range(0, joint.Labels.Length).Where(i => joint.Labels[i] == k)];

    /// <summary>A label that the model itself finds the most probable, ties included, is no error.</summary>
    private static int[] Unflag(ConfidentJoint joint, IEnumerable<int> rows) => [.. rows.Where(i =>
    {
        var row = joint.P.Row(i).ToArray();
        row[joint.Labels[i]] += Epsilon;
        return Probabilities.Largest(row) != joint.Labels[i];
    })];

    /// <summary>Indices of the <paramref name="count"/> lowest values, ascending; of equal values the first.</summary>
    internal static int[] Lowest(double[] values, int count)
    {
        if (count <= 0) return [];
        if (count >= values.Length) return [.. Enumerable.Range(0, values.Length)];
        var sorted = values.Order().ToArray();
        var (cut, ties) = (sorted[count - 1], count - sorted.AsSpan(0, count).IndexOf(sorted[count - 1]));
        return [.. Enumerable.Range(0, values.Length).Where(i => values[i] < cut || (values[i] == cut && ties-- > 0))];
    }
}

namespace PortfolioProject.ConfidentLearning;

/// <summary>
/// The confident joint of Northcutt, Jiang and Chuang (2021): how many rows of given label k (first index) confidently belong to class j (second).
/// </summary>
/// <param name="Labels">Given labels, 0 … K−1.</param>
/// <param name="P">Probabilities of models that did not see the row.</param>
/// <param name="Thresholds">Mean self-confidence of each class; 2 for a class that no row has.</param>
/// <param name="Uncalibrated">Counts of confident guesses, every diagonal at least 1.</param>
/// <param name="OffDiagonalRows">Rows whose confident guess is not their label, ascending.</param>
/// <param name="Counts">Calibrated: rows sum to the label counts, whole numbers.</param>
public sealed record ConfidentJoint(int[] Labels, Probabilities P, double[] Thresholds, int[][] Uncalibrated, int[] OffDiagonalRows, int[][] Counts)
{
    private const double Epsilon = 1e-6, AbsentClass = 2, Tiny = 1e-100;

    public int Classes => P.Classes;

    /// <summary>Counts divided by their sum.</summary>
    public double[][] Joint => Counts.Sum(r => r.Sum()) is var total ? [.. Counts.Select(r => r.Select(c => c / (double)total).ToArray())] : [];

    /// <summary>Share of rows off the diagonal, times n, rounded half to even.</summary>
    public int EstimatedIssues => (int)Math.Round((1 - Joint.Select((r, k) => r[k]).Sum()) * Labels.Length);

    /// <summary>Estimates the joint; labels outside 0 … K−1 or of another length are an <see cref="ArgumentException"/>.</summary>
    public static ConfidentJoint Estimate(int[] labels, Probabilities p)
    {
        p.Check(labels);
        if (labels.Length == 0) throw new ArgumentException("no rows");
        var thresholds = ClassThresholds(labels, p);
        var counts = Square(p.Classes);
        var off = new List<int>();
        for (var i = 0; i < labels.Length; i++)
        {
            var (confident, guess) = (0, 0);
            for (var k = 0; k < p.Classes; k++)
                if (p[i, k] >= thresholds[k] - Epsilon) (confident, guess) = (confident + 1, k);
            if (confident == 0) continue;
            if (confident > 1) guess = p.Argmax(i);
            counts[labels[i]][guess]++;
            if (guess != labels[i]) off.Add(i);
        }

        for (var k = 0; k < p.Classes; k++) counts[k][k] = Math.Max(counts[k][k], 1);
        return new ConfidentJoint(labels, p, thresholds, counts, [.. off], Calibrate(counts, CountLabels(labels, p.Classes)));
    }

    private static double[] ClassThresholds(int[] labels, Probabilities p) => [.. Enumerable.Range(0, p.Classes).Select(k =>
    {
        var own = labels.Index().Where(l => l.Item == k).Select(l => p[l.Index, k]).ToArray();
        return Math.Max(own.Length == 0 ? AbsentClass : PairwiseSum.Of(own) / own.Length, 2 * Epsilon);
    })];

    private static int[][] Calibrate(int[][] counts, int[] labelCounts)
    {
        var scaled = counts.Select((row, k) => row.Select(c => c / Math.Max(row.Sum(), Tiny) * labelCounts[k]).ToArray()).ToArray();
        var total = Math.Max(PairwiseSum.Of([.. scaled.SelectMany(r => r)]), Tiny);
        return [.. scaled.Select(row => RoundPreservingSum([.. row.Select(v => v / total * labelCounts.Sum())]))];
    }

    /// <summary>
    /// Rounds half to even, then moves entries by 1 until the rounded sum is that of the values: up where most was cut off (ties: the highest
    /// index), down where most was added (ties: the lowest index).
    /// </summary>
    internal static int[] RoundPreservingSum(double[] values)
    {
        var rounded = values.Select(v => (int)Math.Round(v)).ToArray();
        for (var want = (int)Math.Round(PairwiseSum.Of(values)); rounded.Sum() != want;)
        {
            var step = Math.Sign(want - rounded.Sum());
            var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i] - rounded[i]).ToArray();
            if (step > 0) Array.Reverse(order);
            foreach (var i in order.Take(Math.Abs(want - rounded.Sum())).ToArray()) rounded[i] += step;
        }

        return rounded;
    }

    internal static int[][] Square(int classes) => [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];

    private static int[] CountLabels(int[] labels, int classes) => [.. Enumerable.Range(0, classes).Select(k => labels.Count(l => l == k))];
}

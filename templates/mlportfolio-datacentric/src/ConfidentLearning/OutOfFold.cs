namespace PortfolioProject.ConfidentLearning;

/// <summary>
/// Probabilities with the fold that each row was held out in. Label errors cannot be found with a model that learnt them, so in-sample
/// probabilities (a fold of −1, or fewer than two folds) are an <see cref="ArgumentException"/>.
/// </summary>
public sealed record OutOfFold
{
    public OutOfFold(Probabilities p, IReadOnlyList<int> folds)
    {
        if (folds.Count != p.Rows) throw new ArgumentException($"{folds.Count} fold ids for {p.Rows} rows");
        if (folds.Index().Where(f => f.Item < 0).Select(f => f.Index).ToList() is [var seen, ..]) throw new ArgumentException($"row {seen} has no fold: in-sample probabilities are refused");
        if (folds.Distinct().Count() < 2) throw new ArgumentException("all rows are of one fold: in-sample probabilities are refused");
        (P, Folds) = (p, folds);
    }

    public Probabilities P { get; }

    public IReadOnlyList<int> Folds { get; }

    /// <summary>Each fold's rows as predicted by a model that was fitted on the other folds; folds are fitted side by side.</summary>
    /// <param name="predict">From the rows to fit on and the rows held out to the held-out rows' probabilities, row-major.</param>
    public static OutOfFold Predict(IReadOnlyList<int> folds, int classes, Func<int[], int[], double[]> predict)
    {
        var values = new double[folds.Count * classes];
        Parallel.ForEach(folds.Distinct(), fold =>
        {
            var held = Enumerable.Range(0, folds.Count).Where(i => folds[i] == fold).ToArray();
            var found = predict([.. Enumerable.Range(0, folds.Count).Where(i => folds[i] != fold)], held);
            for (var i = 0; i < held.Length; i++) found.AsSpan(i * classes, classes).CopyTo(values.AsSpan(held[i] * classes));
        });

        return new OutOfFold(new Probabilities(values, classes), folds);
    }
}

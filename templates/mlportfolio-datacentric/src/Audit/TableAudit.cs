using System.Text.Json.Nodes;

namespace PortfolioProject.Audit;

/// <summary>Something worth a look: what was found, by which finder, and which rows (numbers of the base file).</summary>
public sealed record AuditFinding(string Finder, string What, IReadOnlyList<int> Rows);

/// <summary>Every finder over one table, as it stands.</summary>
/// <param name="Droppable">Training rows, as indices of the table, that a patch might drop, and why.</param>
public sealed record TableAudit(IReadOnlyList<AuditFinding> Findings, IReadOnlyList<Slice> Classes, IReadOnlyList<Slice> Blocks, IReadOnlyList<Slice> Weak, double Accuracy, IReadOnlyList<(int Index, string Why)> Droppable)
{
    private const int Folds = 5, Shown = 5;

    /// <param name="suspects">Rows whose label confident learning doubts, as indices of the table, the most doubtful first.</param>
    /// <param name="right">Whether the held-out prediction of each row is its label.</param>
    /// <param name="graphs">What <see cref="Graphs"/> gives.</param>
    public static TableAudit Run(Table table, IReadOnlyList<int> suspects, bool[] right, long seed, NeighbourGraph[] graphs)
    {
        var (pairs, exact) = (NearDuplicates.Find(graphs[0], table.Contract.NearDuplicate), NearDuplicates.Exact(table.Values, table.Width));
        var groups = exact.SelectMany(g => g.Skip(1).Select(r => (First: g[0], Second: r))).Union(pairs).ToList();
        var crossing = groups.Where(p => table.Sealed[p.First] != table.Sealed[p.Second]).ToList();
        var conflicting = groups.Where(p => table.Labels[p.First] != table.Labels[p.Second]).ToList();
        var (ks, p) = OrderDependence.Test(graphs[0], seed);
        var drift = Drift.Find(table, table.Sealed).Where(d => d.AdjustedP < 0.05 && d.Psi > 0.1).OrderByDescending(d => d.Psi).ToList();
        var counts = table.Labels.CountBy(l => l).OrderBy(c => c.Value).ThenBy(c => c.Key).ToList();
        var columns = SuspectColumns.Find(table).ToList();
        AuditFinding Finding(string finder, string what, IEnumerable<int>? rows = null) => new(finder, what, [.. (rows ?? []).Select(i => table.Rows[i])]);
        static IEnumerable<int> Both(IEnumerable<(int First, int Second)> of) => of.SelectMany(x => new[] { x.First, x.Second }).Distinct().Order();
        var findings = new List<AuditFinding>
        {
            Finding("label errors", $"{suspects.Count} labels that confident learning doubts", suspects),
            Finding("exact duplicates", $"{exact.Sum(g => g.Length - 1)} rows equal an earlier one", exact.SelectMany(g => g)),
            Finding("near duplicates", FormattableString.Invariant($"{pairs.Count} pairs closer than {table.Contract.NearDuplicate} of the median nearest distance"), Both(pairs)),
            Finding("conflicting labels", $"{conflicting.Count} of the duplicate pairs have two labels", Both(conflicting)),
            Finding("leakage", $"{crossing.Count} of the duplicate pairs stand in train and in test", Both(crossing)),
            Finding("outliers, euclidean", $"{Outliers.Find(graphs[0]).Rows.Count} rows far from their neighbours", Outliers.Find(graphs[0]).Rows),
            Finding("outliers, cosine", $"{Outliers.Find(graphs[1]).Rows.Count} rows that point elsewhere than their neighbours", Outliers.Find(graphs[1]).Rows),
            Finding("order dependence", FormattableString.Invariant($"KS {ks:0.000}, p {p:0.00}: {(p < 0.05 ? "near rows stand near each other, so a random split flatters" : "no evidence that the order matters")}")),
            Finding("class imbalance", FormattableString.Invariant($"{table.Classes[counts[0].Key]} has {counts[0].Value} rows, {table.Classes[counts[^1].Key]} has {counts[^1].Value}: a ratio of {(double)counts[^1].Value / counts[0].Value:0.0}")),
            Finding("columns", columns.Count == 0 ? "none is constant, empty in places or an identifier" : string.Join("; ", columns.GroupBy(c => c.Why, c => c.Feature).Select(g => $"{string.Join(", ", g.Take(Shown))}{(g.Count() > Shown ? $" and {g.Count() - Shown} more" : "")}: {g.Key}"))),
            Finding("drift", drift.Count == 0 ? "no feature differs between train and test (PSI > 0.1 and Holm p < 0.05)" : FormattableString.Invariant($"{drift.Count} features differ between train and test: ") + string.Join(", ", drift.Take(Shown).Select(d => FormattableString.Invariant($"{d.Feature} PSI {d.Psi:0.00}")))),
        };
        var blocks = Splits.Blocks(table.Rows[^1], table.Contract.Test.Blocks);
        return new(findings, WeakSlices.By(table.Labels.Select(l => "class " + table.Classes[l]), right), WeakSlices.By(table.Rows.Select(r => $"block {blocks[r - 1]:00}"), right),
            [.. WeakSlices.Find(table, right).Take(Shown)], (double)right.Count(r => r) / right.Length,
            [.. suspects.Select(i => (i, "label doubted by confident learning")).Concat(NearDuplicates.Later(groups).Select(i => (i, "near-duplicate of an earlier row"))).Where(x => !table.Sealed[x.i]).DistinctBy(x => x.i).OrderBy(x => x.i)]);
    }

    /// <summary>The ten nearest rows of each row, features scaled: by distance, then by angle.</summary>
    public static NeighbourGraph[] Graphs(Table table) =>
        Neighbours.Find(table.Scaled(table.Values), table.Width, Neighbours.Usual, Metric.Euclidean, Metric.Cosine);

    /// <summary>Each row as predicted by a model that did not see it; the folds are stratified.</summary>
    public static OutOfFold Predict(Matrix x, int[] labels, int classes, SoftmaxRegressionOptions model, RandomStream stream) =>
        OutOfFold.Predict(Splits.StratifiedFolds(labels, Folds, stream), classes, (fit, held) =>
            SoftmaxRegression.Fit(Take(x, fit), [.. fit.Select(i => labels[i])], classes, model).Probabilities(Take(x, held)).Values);

    public static Matrix Take(Matrix x, int[] rows) => new(rows.Length, x.Columns, [.. rows.SelectMany(i => x.Row(i).ToArray())]);

    /// <summary>For a manifest: everything but the rows beyond the first <paramref name="rows"/>.</summary>
    public JsonObject Json(int rows) => new()
    {
        ["accuracy"] = Accuracy,
        ["findings"] = new JsonArray([.. Findings.Select(f => new JsonObject { ["finder"] = f.Finder, ["what"] = f.What, ["rows"] = new JsonArray([.. f.Rows.Take(rows).Select(r => JsonValue.Create(r))]), ["more"] = Math.Max(0, f.Rows.Count - rows) })]),
        ["slices"] = new JsonArray([.. Classes.Concat(Blocks).Concat(Weak).Select(s => new JsonObject { ["name"] = s.Name, ["n"] = s.N, ["value"] = (double)s.Right / s.N, ["low"] = s.Interval.Low, ["high"] = s.Interval.High })]),
    };
}

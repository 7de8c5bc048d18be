using System.Globalization;
using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.Modeling;

/// <summary>Trains the model that an evaluation chose and writes it as the registry's next version.</summary>
public static class Packaging
{
    /// <summary>
    /// Trains on all rows but the validation rows, which stop training and give the temperature. What the version is worth was measured by
    /// cross-validation: <paramref name="run"/>'s numbers of the chosen variant, under blocked and random folds, go into the manifest.
    /// </summary>
    public static Bundle Ship(TrainingConfig config, Table table, Run run, IModelEngine engine, ModelRegistry registry, CancellationToken cancel)
    {
        var (chosen, rows) = (ReportModel.Chosen(run), (int[])[.. Enumerable.Range(0, table.Count)]);
        var (train, validation) = Splits.Part(table, rows, SplitType.Blocked, config.Fit.Validation, config.Seed);
        var model = ModelFitting.Fit(table, train, validation, config.Variants[chosen], config, engine, cancel);
        IEnumerable<float[]> golden = Enumerable.Range(0, table.Classes.Count).SelectMany(k => rows.Where(row => table.Labels[row] == k).Take(1)).Select(row => table.Row(row).ToArray());
        golden = golden.Append([.. model.Columns.Select(c => (float)c.Min)]).Append([.. model.Columns.Select(c => (float)c.Max)]);
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, registry.Name, "", DateTimeOffset.UtcNow, engine.Name, model.Classifier.Architecture,
            BundleManifest.InputsOf(table.Features.Count), BundleManifest.OutputsOf(table.Classes.Count), model.Columns, table.Classes, model.Temperature,
            Preprocessing.Sha256(model.Columns), run.Manifest.Data[0], train.Length, run.Manifest.GitCommit, config.Seed, Metrics(run, chosen),
            [.. golden.Select(g => new GoldenRow(g, []))], new Dictionary<string, string>());
        return BundleWriter.Write(registry, manifest, model.Classifier.Weights, m => Card(m, run, chosen, table), engine);
    }

    private static Dictionary<string, double> Metrics(Run run, string chosen)
    {
        var (table, metrics) = (run.LoadMetrics(), new Dictionary<string, double>());
        foreach (var (split, variant) in new[] { ("blocked", chosen), ("random", ReportModel.Twin(run, chosen)) })
            foreach (var row in table.Rows.Where(r => r.Variant == variant && r is { Slice: null, Value: not null } && r.Name != "confidence"))
            {
                metrics[$"{row.Name}.{split}"] = row.Value!.Value;
                if (row.Interval is null) continue;
                metrics[$"{row.Name}.{split}.low"] = row.Interval.Low;
                metrics[$"{row.Name}.{split}.high"] = row.Interval.High;
            }

        return metrics;
    }

    private static string Card(BundleManifest m, Run run, string chosen, Table table)
    {
        var metrics = run.LoadMetrics();
        string Row(string name, string? variant) => $"| {name} | {string.Join(" | ", new[] { "accuracy", "log-loss", "brier", "ece" }.Select(metric => Format.Measured(variant is null ? null : metrics.Find(metric, variant))))} |";
        var recalls = metrics.Rows.Where(r => r.Name == "accuracy" && r.Variant == chosen && r.Slice is not null).Select(r => $"| {r.Slice!["label=".Length..]} | {r.N} | {Format.Measured(r)}{(r.Flag is null ? "" : $" ({r.Flag})")} |");
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {m.Name} {m.Version}

            A classifier ({m.Architecture}) of {m.Features.Count} numeric features into {m.Classes.Count} classes, trained on {m.TrainingRows} rows of `{m.Data.Path}`
            (sha256 {m.Data.Sha256}) with seed {m.Seed} by engine `{m.Engine}`. Run: `{run.Manifest.Id}`, commit: {m.Commit ?? "none"}.

            ## What it is worth

            Every one of {table.Count} rows was predicted by a model that had not seen it; 95 % intervals resample {run.Manifest.Facts!["groups"]} groups: {table.GroupedBy}.

            | Folds | Accuracy | Log-loss | Brier score | Calibration error |
            |---|---|---|---|---|
            {Row("blocked: no group on both sides", chosen)}
            {Row("random", ReportModel.Twin(run, chosen))}

            Random folds put rows of one group on both sides, so they say how the model does on groups that it knows; blocked folds say how it does on new ones.

            | Class | Rows | Recall, blocked folds |
            |---|---|---|
            {string.Join('\n', recalls)}

            ## Limits

            - Inputs outside the training range (see `features` in the manifest) are answered too, with probabilities that nobody checked.
            - There is no class "none of these": whatever comes in gets one of {m.Classes.Count} classes.
            - Probabilities were calibrated with one temperature (T = {m.Temperature:0.000}), on rows like those of training.

            """);
    }
}

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
        var firsts = rows.DistinctBy(row => table.Labels[row]).OrderBy(row => table.Labels[row]).Select(row => table.Row(row).ToArray());
        IEnumerable<float[]> golden = [.. firsts, [.. model.Columns.Select(c => (float)c.Min)], [.. model.Columns.Select(c => (float)c.Max)]];
        var manifest = new BundleManifest(BundleManifest.CurrentFormat, registry.Name, "", DateTimeOffset.UtcNow, engine.Name, model.Classifier.Architecture,
            model.Columns, table.Classes, model.Temperature, FeatureColumn.Sha256(model.Columns), run.Manifest.Data[0], train.Length, run.Manifest.GitCommit, config.Seed, Metrics(run, chosen),
            [.. golden.Select(g => new GoldenRow(g, []))], new Dictionary<string, string>());
        return BundleWriter.Write(registry, manifest, model.Classifier.Weights, m => Card(m, run), engine);
    }

    private static Dictionary<string, double> Metrics(Run run, string chosen) => (
        from split in new[] { (Name: "blocked", Variant: chosen), (Name: "random", Variant: ReportModel.Twin(run, chosen)) }
        from row in run.LoadMetrics().Rows
        where row.Variant == split.Variant && row.Slice is null && row.Name != "confidence"
        from figure in new[] { (End: "", row.Value), (End: ".low", Value: row.Interval?.Low), (End: ".high", Value: row.Interval?.High) }
        where figure.Value is not null
        select KeyValuePair.Create($"{row.Name}.{split.Name}{figure.End}", figure.Value ?? 0)).ToDictionary();

    private static string Card(BundleManifest manifest, Run run)
    {
        var model = ReportModel.Of(run);
        model["model"] = JsonSerializer.SerializeToNode(manifest, ModelJson.Lines.BundleManifest);
        model["model"]!["run"] = run.Manifest.Id;
        return ReportModel.Page("model-card.hbs", run, run.LoadMetrics(), model);
    }
}

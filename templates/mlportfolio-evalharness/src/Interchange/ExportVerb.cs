namespace PortfolioProject.Interchange;

/// <summary>The verb <c>export</c>: runs and data sets for other tools.</summary>
public static class ExportVerb
{
    /// <param name="root">The repository: runs and data are looked for in it, <c>--out</c> is relative to the current folder.</param>
    public static Command Create(Lazy<string> root)
    {
        var output = new Option<string>("--out") { Description = "The folder to write.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace an earlier export." };
        var run = new Option<string>("--run") { Description = "RUN[:variant]: a folder, an id, latest or results/main.", Required = true };
        var trec = new Command("trec", "A run's document rankings and the judgements, for score or trec_eval. Example: export trec --run latest --out trec") { run, output, force };
        trec.SetAction(parsed => Write(parsed, folder =>
        {
            var operand = RunStore.Resolve(root.Value, parsed.GetValue(run)!);
            var path = operand.Run.Manifest.Facts?["dataset"]?["path"]?.GetValue<string>() ?? throw new UserError("the run does not say which data set it used", operand.Run.Folder);
            var data = Dataset.Load(root.Value, path);
            if (data.Files.Except(operand.Run.Manifest.Data).FirstOrDefault() is { } changed) throw new UserError("the data changed since the run", changed.Path, fix: "Run again, or restore the file.");
            TrecFormat.Export(operand, data, folder);
        }));
        var data = new Option<string>("--data") { Description = "A data folder, such as data/handbook.", Required = true };
        var beir = new Command("beir", "A data set as BEIR has it. Example: export beir --data data/handbook --out beir") { data, output, force };
        beir.SetAction(parsed => Write(parsed, folder => BeirFormat.Export(Dataset.Load(root.Value, parsed.GetValue(data)!), folder)));
        return new Command("export", "Exports runs and data sets. Example: export beir --data data/handbook --out beir") { trec, beir };

        void Write(ParseResult parsed, Action<string> fill)
        {
            OutputFolder.Write(parsed.GetValue(output)!, parsed.GetValue(force), fill);
            Console.Out.Write($"written to {parsed.GetValue(output)}\n");
        }
    }
}

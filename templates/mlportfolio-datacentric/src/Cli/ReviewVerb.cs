using PortfolioProject.Review;

namespace PortfolioProject.Cli;

/// <summary>Doubted labels out to people, decisions back in as a patch.</summary>
internal static class ReviewVerb
{
    public static Command Create(Lazy<string> root)
    {
        var (options, count) = (new RunOptions(), new Option<int>("--rows") { Description = "At most this many rows.", DefaultValueFactory = _ => 100 });
        var folder = new Option<string>("--out") { Description = "Where gallery.html and labels.csv go.", DefaultValueFactory = _ => "runs/review" };
        var export = new Command("export", "Writes the doubted labels as a page and as CSV. Example: review export --rows 50") { count, folder };
        options.AddTo(export);
        export.SetAction(parsed =>
        {
            var (config, table) = options.Load(parsed, root.Value);
            var (_, joint, doubted) = LadderRun.Audit(table, config);
            var (items, target) = (ReviewQueue.Build(table, joint, doubted, parsed.GetValue(count)), Path.Combine(root.Value, parsed.GetValue(folder)!));
            ReviewQueue.Export(table, items, target);
            parsed.InvocationConfiguration.Output.Write($"{items.Count} labels to look at\npage: {Path.Combine(target, "gallery.html")}\nnext: decide there, export, then: review import labels.csv\n");
            return (int)ExitCode.Pass;
        });

        var file = new Argument<string>("FILE") { Description = "labels.csv as the page exports it" };
        var (again, name) = (new RunOptions(), new Option<string>("--out") { Description = "The patch to write.", DefaultValueFactory = _ => "patches/0001-review.csv" });
        var import = new Command("import", "Makes a patch of decisions. Example: review import labels.csv") { file, name };
        again.AddTo(import);
        import.SetAction(parsed =>
        {
            var (_, table) = again.Load(parsed, root.Value);
            var (patch, target) = (ReviewQueue.Import(table, CsvText.Read(parsed.GetRequiredValue(file))), Path.Combine(root.Value, parsed.GetValue(name)!));
            if (patch.Changes.Count > 0 && File.Exists(target)) throw new UserError("the patch exists: patches are append-only", parsed.GetValue(name), fix: "Name another with --out");
            if (patch.Changes.Count > 0) TextFile.Write(target, patch.Text);
            parsed.InvocationConfiguration.Output.Write(patch.Changes.Count == 0 ? "no label changes: no patch written\n" : $"{patch.Changes.Count} labels change: {parsed.GetValue(name)}\nnext: add it to data.patches in configs/run.yaml, then run\n");
            return (int)ExitCode.Pass;
        });
        return new Command("review", "Has people decide on doubted labels.") { export, import };
    }
}

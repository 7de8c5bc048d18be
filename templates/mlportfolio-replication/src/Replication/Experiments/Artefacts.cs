using System.Text;

namespace PortfolioProject.Replication;

/// <summary>What stands beside a run's records: figures, per-seed and aggregated tables, environment. All are functions of the run alone.</summary>
public static class Artefacts
{
    public static IReadOnlyDictionary<string, string> Of(Study study, Run run) => new Dictionary<string, string>(Published(study, run)) { ["seeds.csv"] = SeedTable(run), ["cells.csv"] = CellTable(run) };

    /// <summary>What is committed with a pinned run: tables of main experiments only, as those of an ablation would double it; `plot` writes them at any time.</summary>
    public static IReadOnlyDictionary<string, string> Published(Study study, Run run)
    {
        var files = new Dictionary<string, string>(study.Figures(run)) { ["environment.json"] = Environment(run) };
        if (!run.Manifest.Kind.StartsWith("ablation", StringComparison.Ordinal)) (files["seeds.csv"], files["cells.csv"]) = (SeedTable(run), CellTable(run));
        return files;
    }

    public static void Write(Study study, Run run, string folder)
    {
        try
        {
            foreach (var (name, text) in Of(study, run)) TextFile.Write(Path.Combine(folder, name), text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError("cannot write figures and tables", folder, got: e.Message.TrimEnd('.'), fix: "Make the folder writable, or name another");
        }
    }

    /// <summary>One line a record.</summary>
    private static string SeedTable(Run run)
    {
        var names = run.Cases.SelectMany(c => c.Values.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var text = new StringBuilder($"variant,seed,cell,{string.Join(',', names)}\n");
        foreach (var c in run.Cases)
            text.Append($"\"{c.Variant}\",\"{c.Cluster}\",\"{c.Tags[Cells.Tag]}\",{string.Join(',', names.Select(n => c.Values.TryGetValue(n, out var v) ? Exact(v) : ""))}\n");
        return text.ToString();
    }

    /// <summary>One line a variant, cell and metric: mean with its t interval over seeds, median, extremes.</summary>
    private static string CellTable(Run run)
    {
        var text = new StringBuilder("variant,cell,metric,n,mean,low,high,interval,median,minimum,maximum\n");
        foreach (var cell in run.Cases.GroupBy(c => (c.Variant, Cell: c.Tags[Cells.Tag])))
            foreach (var metric in cell.SelectMany(c => c.Values).GroupBy(v => v.Key, v => v.Value).OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                double[] values = [.. metric];
                var interval = values.Length > 1 ? Statistics.TInterval(values) : null;
                text.Append($"\"{cell.Key.Variant}\",\"{cell.Key.Cell}\",{metric.Key},{values.Length},{Exact(Cells.Cut(values.Average()))},{(interval is null ? ",,none"
                    : $"{Exact(Cells.Cut(interval.Low))},{Exact(Cells.Cut(interval.High))},95 % {interval.Method}")},{Exact(Cells.Cut(Series.Median(values)))},{Exact(values.Min())},{Exact(values.Max())}\n");
            }

        return text.ToString();
    }

    private static string Environment(Run run) => new JsonObject
    {
        ["os"] = run.Manifest.Os,
        ["architecture"] = run.Manifest.Facts?["architecture"]?.DeepClone(),
        ["cpu"] = run.Manifest.Cpu,
        ["cores"] = run.Manifest.Cores,
        ["runtime"] = run.Manifest.Runtime,
        ["package_locks_sha256"] = run.Manifest.LockHash,
        ["code"] = run.Manifest.Facts?["code"]?.DeepClone(),
        ["compute"] = run.Manifest.Resources?.DeepClone(),
    }.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n";

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

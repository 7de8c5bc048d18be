namespace PortfolioProject.Evaluation;

/// <summary>
/// <c>report.html</c> beside a run: one file that needs no network. Everything in it comes from the run (and the sweep); the page itself is
/// <c>report.hbs</c>, <c>report.css</c> and <c>report.js</c>.
/// </summary>
public static class HtmlReport
{
    /// <returns>The path of the report.</returns>
    public static string Write(Portfolio portfolio, Run run, Run? sweep)
    {
        var (metrics, latency) = (run.LoadMetrics(), LatencyTable.Measure(run.Timings));
        var model = ReportModel.Of(run, metrics, sweep);
        (model["css"], model["js"], model["run"]) = (Resource("report.css"), Resource("report.js"), Manifest(run.Manifest));
        model["charts"] = new JsonArray([.. ReportCharts.Of(run).Concat(sweep is null ? [] : ReportCharts.Of(sweep)).Select(c => (JsonNode)new JsonObject { ["name"] = c.Key, ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(c.Value)) })]);
        model["latency"] = new JsonArray([.. latency.Rows.Select(ReportModel.Json)]);
        var path = Path.Combine(run.Folder, "report.html");
        File.WriteAllText(path, new Renderer(portfolio, metrics, latency, html: true).Render(Resource("report.hbs"), model, "report.hbs"));
        return path;
    }

    private static JsonObject Manifest(RunManifest m) => new()
    {
        ["id"] = m.Id,
        ["command"] = m.Command,
        ["configuration"] = m.ConfigHash,
        ["commit"] = m.GitCommit is null ? "not under git" : m.GitCommit + (m.GitDirty == true ? " with uncommitted changes" : ""),
        ["seed"] = m.Seed,
        ["data"] = $"{m.Data.Count} files, {m.Data.Sum(d => d.Bytes) / 1024} KB; digests in run.json",
        ["packages"] = m.LockHash,
        ["machine"] = $"{m.Os}, {m.Cpu}, {m.Cores} cores, {m.Runtime}",
        ["seconds"] = (m.Finished - m.Started)?.TotalSeconds,
    };

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

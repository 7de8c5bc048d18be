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
        (model["css"], model["js"], model["run"]) = (Resource("report.css"), Resource("report.js"), ReportModel.Json(run.Manifest));
        (model["seconds"], model["files"], model["kilobytes"]) = ((run.Manifest.Finished - run.Manifest.Started)?.TotalSeconds, run.Manifest.Data.Count, run.Manifest.Data.Sum(d => d.Bytes) / 1024);
        model["charts"] = ReportModel.List(ReportCharts.Of(run).Concat(sweep is null ? [] : ReportCharts.Of(sweep)).Select(c => new { name = c.Key, data = Encoding.UTF8.GetBytes(c.Value) }));
        model["latency"] = ReportModel.List(latency.Rows);
        var path = Path.Combine(run.Folder, "report.html");
        File.WriteAllText(path, new Renderer(portfolio, metrics, latency, html: true).Render(Resource("report.hbs"), model, "report.hbs"));
        return path;
    }

    internal static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

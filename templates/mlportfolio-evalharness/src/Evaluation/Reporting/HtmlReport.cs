using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HandlebarsDotNet;
using PortfolioProject.Evidence;

namespace PortfolioProject.Evaluation;

/// <summary>
/// <c>report.html</c> beside a run: one file that needs no network, for people. Everything in it comes from the run (and the sweep); the page
/// itself is <c>report.hbs</c>, <c>report.css</c> and <c>report.js</c>.
/// </summary>
public static class HtmlReport
{
    /// <returns>The path of the report.</returns>
    public static string Write(Run run, Run? sweep)
    {
        var engine = Handlebars.Create(new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture });
        var path = Path.Combine(run.Folder, "report.html");
        File.WriteAllText(path, engine.Compile(Resource("report.hbs"))(Model(run, sweep)));
        return path;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static Dictionary<string, object?> Model(Run run, Run? sweep)
    {
        var metrics = run.LoadMetrics();
        var model = ReportModel.Of(run, metrics);
        var best = ReportModel.Best(run, metrics);
        var baseline = (string?)model["baseline"] ?? best;
        var rows = new ReportRows(run, metrics, best, baseline);
        return new()
        {
            ["css"] = Resource("report.css"),
            ["js"] = Resource("report.js"),
            ["run"] = new { id = run.Manifest.Id, seed = run.Manifest.Seed },
            ["best"] = best,
            ["baseline"] = baseline,
            ["leading"] = ReportModel.Leading(metrics).Title.ToLowerInvariant(),
            ["headline"] = metrics.Find(ReportModel.Leading(metrics).Name, best) is { Value: not null } lead ? $"{Format.Measured(lead)} {lead.Unit}" : null,
            ["dataset"] = Plain(model["dataset"]),
            ["columns"] = ReportRows.Columns.Select(d => new { title = d.Title, definition = $"{d.Definition} Denominator: {d.Denominator}.", flagged = metrics.Rows.Any(r => r.Name == d.Name && r.Slice is null && r.Flag?.Contains("null system") == true) }).ToList(),
            ["rows"] = rows.Systems(),
            ["charts"] = ReportCharts.Of(run).Concat(sweep is null ? [] : ReportCharts.Of(sweep)).Select(c => new { name = c.Key, data = Convert.ToBase64String(Encoding.UTF8.GetBytes(c.Value)) }).ToList(),
            ["comparisons"] = rows.Comparisons(),
            ["outcomeNames"] = Enum.GetNames<Outcome>(),
            ["outcomes"] = rows.Outcomes(),
            ["stages"] = rows.Stages(),
            ["headroom"] = new { accuracy = Value(metrics, "accuracy", best), retrieval = Value(metrics, "oracle-retrieval", best), reading = Value(metrics, "oracle-reading", best) },
            ["false_positives"] = Plain(model["false_positives"]),
            ["false_negatives"] = Plain(model["false_negatives"]),
            ["slices"] = rows.Slices(),
            ["sensitivity"] = model["sensitivity"]!.AsArray().Select(s => new
            {
                cost = Format.Number((double)s!["cost"]!, 1), winner = (string?)s["winner"], utility = Format.Number((double?)s["utility"]),
                second = (string?)s["second"], secondUtility = Format.Number((double?)s["second_utility"]),
            }).ToList(),
            ["budgets"] = sweep is null ? null : HarnessPortfolio.Budgets(sweep).Select(b => $"{b} characters").ToList(),
            ["chunkings"] = sweep is null ? null : ReportRows.Chunkings(ReportModel.Of(sweep, sweep.LoadMetrics())),
            ["latency"] = LatencyTable.Measure(run.Timings).Rows.Select(r => new { variant = r.Variant, stage = r.Stage, p50 = Format.Number(r.P50), p95 = Format.Number(r.P95), p99 = Format.Number(r.P99) }).ToList(),
            ["provenance"] = Provenance(run.Manifest),
        };
    }

    private static List<object> Provenance(RunManifest m)
    {
        (string Name, string? Value)[] facts =
        [
            ("run", m.Id), ("command", m.Command), ("configuration", m.ConfigHash), ("commit", m.GitCommit is null ? "not under git" : m.GitCommit + (m.GitDirty == true ? " with uncommitted changes" : "")),
            ("seed", m.Seed.ToString(CultureInfo.InvariantCulture)), ("data", $"{m.Data.Count} files, {m.Data.Sum(d => d.Bytes) / 1024} KB, digests in run.json"), ("packages", m.LockHash),
            ("machine", $"{m.Os}, {m.Cpu}, {m.Cores} cores, {m.Runtime}"), ("started", m.Started.ToString("u", CultureInfo.InvariantCulture)), ("took", m.Finished is { } end ? Format.Number((end - m.Started).TotalSeconds, 1) + " s" : "unfinished"),
        ];
        return [.. facts.Where(f => f.Value is not null).Select(f => new { name = f.Name, value = f.Value })];
    }

    internal static string Value(MetricTable metrics, string metric, string system) => Format.Number(metrics.Find(metric, system)?.Value);

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value)),
        JsonArray a => a.Select(Plain).ToList(),
        null => null,
        _ => node.ToString(),
    };
}

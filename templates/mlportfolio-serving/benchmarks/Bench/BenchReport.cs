using System.Text.Json;

namespace PortfolioProject.Bench;

/// <summary>What a benchmark says: medians over its rounds, as data for docs/blocks and as a table.</summary>
public static class BenchReport
{
    public const string Kind = "bench";

    /// <summary>What a replica may use of a core before another is started.</summary>
    private const double Utilisation = 0.6;

    /// <summary>Of a cold start, in order.</summary>
    private static readonly string[] Stage = ["runtime", "command line", "configuration", "bundle", "host", "listening", "ready", "first answer"];

    public static MetricDefinition Answered { get; } = new("answered", "Answered", "share", Direction.Higher, "all repetitions", "Requests answered with 200, of those sent.");

    public static EvidenceKind Evidence { get; } = new(Kind, [Answered], Measure, _ => new Dictionary<string, string>(), run => new JsonObject { ["bench"] = Model(run) });

    public static MetricTable Measure(Run run) => MetricTable.Measure(run.Cases, [Answered], run.Manifest.Seed, new MeasureOptions { Resamples = 100 });

    /// <summary>
    /// loads: name, cpu (µs a request, closed loop), ratio (to the bare server under the same request), perSecond, latencies in ms (open loop), worst share answered; start,
    /// swap, training: stage and ms; scaling: requests a second and cores.
    /// </summary>
    public static JsonObject Model(Run run)
    {
        var (rows, manifest) = (LatencyTable.Measure(run.Timings).Rows, run.Manifest);
        double? Median(string variant, string stage) => rows.FirstOrDefault(r => r.Variant == variant && r.Stage == stage)?.P50;
        var loads =
            from name in run.Variants
            let bare = name.StartsWith("bare", StringComparison.Ordinal)
            let cpu = Median(name, "cpu")
            where cpu is not null
            orderby bare, cpu
            select new
            {
                name,
                cpu = 1000 * cpu,
                cpuOpen = 1000 * Median(name, "cpu, open loop"),
                ratio = cpu / Median(bare ? name : "bare, " + name.Replace(", batching", ""), "cpu"),
                perSecond = manifest.Resources?["perSecond"]?[name]?.AsArray().Select(x => (double)x!).Order().ToList() is { } rates ? Statistics.NearestRank(rates, 0.5) : (double?)null,
                p50 = Median(name, "p50"),
                p95 = Median(name, "p95"),
                p99 = Median(name, "p99"),
                p999 = Median(name, "p99.9"),
                answered = run.Cases.Where(c => c.Variant == name).Min(c => c.Values[Answered.Name]),
            };
        var stages = rows.Where(r => r.Variant is "cold-start" or "hot-swap" or "training").OrderBy(r => r.Variant, StringComparer.Ordinal).ThenBy(r => Array.IndexOf(Stage, r.Stage)).ThenBy(r => r.P50)
            .Select(r => new { what = r.Variant.Replace('-', ' '), stage = r.Stage, median = r.P50, worst = r.P99, n = r.N });
        return (JsonObject)JsonSerializer.SerializeToNode(new
        {
            run = manifest.Id,
            manifest.Cpu,
            manifest.Cores,
            manifest.Os,
            manifest.Runtime,
            connections = manifest.Config["connections"],
            rounds = manifest.Config["rounds"],
            loads,
            stages,
            residentMegabytes = manifest.Resources?["residentMegabytes"],
            scaling = new[] { 1_000, 10_000, 100_000 }.Select(rate => new { perSecond = rate, cores = Median("1 row JSON", "cpu") is { } ms ? Math.Ceiling(rate * ms / 1000 / Utilisation) : (double?)null }),
        }, JsonSerializerOptions.Web)!;
    }

    public static void Print(TextWriter output, Run run)
    {
        void Table(string[] head, JsonNode? rows, params string[] fields) => Screen.WriteTable(output, head, rows!.AsArray().Select(r => (string[])
            [.. fields.Select(f => r![f] is JsonValue v && v.TryGetValue(out double number) ? Format.Number(number, number >= 100 || double.IsInteger(number) ? 0 : 3) : $"{r[f]}")]));
        var model = Model(run);
        output.Write("CPU time of the server a request (closed loop), beside a Kestrel that only reads and answers; latency in ms from when a request was due (open loop)\n\n");
        Table(["load", "CPU µs", "× bare", "requests/s", "p50", "p95", "p99", "p99.9", "answered"], model["loads"], "name", "cpu", "ratio", "perSecond", "p50", "p95", "p99", "p999", "answered");
        output.Write("\n");
        Table(["what", "stage", "median ms", "worst ms", "n"], model["stages"], "what", "stage", "median", "worst", "n");
        output.Write($"\nresident memory of the server after the loads: {Format.Number((double?)model["residentMegabytes"], 0)} MB\nrun:  {run.Folder}\n");
    }
}

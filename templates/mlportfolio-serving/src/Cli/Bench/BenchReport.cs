namespace PortfolioProject.Cli;

/// <summary>What a benchmark says: medians over its rounds, as a table and as data for docs/blocks.</summary>
internal static class BenchReport
{
    public const string Kind = "bench";

    /// <summary>What a replica may use of a core before another is started.</summary>
    private const double Utilisation = 0.6;

    /// <summary>Of a cold start, in order; the server's own add up to listening.</summary>
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
        var rows = LatencyTable.Measure(run.Timings).Rows;
        double? Median(string variant, string stage) => rows.FirstOrDefault(r => r.Variant == variant && r.Stage == stage)?.P50;
        JsonArray Stages(string variant) => [.. rows.Where(r => r.Variant == variant).OrderBy(r => Array.IndexOf(Stage, r.Stage)).ThenBy(r => r.P50)
            .Select(r => new JsonObject { ["stage"] = r.Stage, ["p50"] = r.P50, ["worst"] = r.P99, ["n"] = r.N })];
        var loads = run.Variants.Where(v => Median(v, "cpu") is not null).Select(v =>
        {
            var bare = v.StartsWith("bare", StringComparison.Ordinal) ? v : "bare, " + v.Replace(", batching", "");
            var perSecond = run.Manifest.Resources?["perSecond"]?[v]?.AsArray().Select(x => (double)x!).Order().ToList();
            var load = new JsonObject
            {
                ["name"] = v,
                ["cpu"] = 1000 * Median(v, "cpu"),
                ["cpuOpen"] = 1000 * Median(v, "cpu, open loop"),
                ["ratio"] = Median(v, "cpu") / Median(bare, "cpu"),
                ["perSecond"] = perSecond is null ? null : Statistics.NearestRank(perSecond, 0.5),
                ["answered"] = run.Cases.Where(c => c.Variant == v).Min(c => c.Values[Answered.Name]),
            };
            foreach (var stage in new[] { "p50", "p95", "p99", "p99.9" }) load[stage.Replace(".", "")] = Median(v, stage);
            return load;
        }).OrderBy(l => ((string)l["name"]!).StartsWith("bare", StringComparison.Ordinal)).ThenBy(l => (double)l["cpu"]!).ToList();
        var one = Median("1 row JSON", "cpu") / 1000;
        return new JsonObject
        {
            ["run"] = run.Manifest.Id,
            ["cpu"] = run.Manifest.Cpu,
            ["cores"] = run.Manifest.Cores,
            ["os"] = run.Manifest.Os,
            ["runtime"] = run.Manifest.Runtime,
            ["connections"] = run.Manifest.Config["connections"]?.DeepClone(),
            ["rounds"] = run.Manifest.Config["rounds"]?.DeepClone(),
            ["loads"] = new JsonArray([.. loads]),
            ["start"] = Stages("cold-start"),
            ["swap"] = Stages("hot-swap"),
            ["training"] = Stages("training"),
            ["residentMegabytes"] = run.Manifest.Resources?["residentMegabytes"]?.DeepClone(),
            ["scaling"] = new JsonArray([.. new[] { 1_000, 10_000, 100_000 }.Select(rate => new JsonObject { ["perSecond"] = rate, ["cores"] = one is null ? null : Math.Ceiling(rate * one.Value / Utilisation) })]),
        };
    }

    public static void Print(TextWriter output, Run run)
    {
        var model = Model(run);
        output.Write("CPU time of the server a request (closed loop), beside a Kestrel that only reads and answers; latency in ms from when a request was due (open loop)\n\n");
        Screen.WriteTable(output, ["load", "CPU µs", "× bare", "requests/s", "p50", "p95", "p99", "p99.9", "answered"], model["loads"]!.AsArray().Select(l => (string[])
            [$"{l!["name"]}", Number(l["cpu"], "0.0"), Number(l["ratio"], "0.00"), Number(l["perSecond"], "#,0"), Number(l["p50"]), Number(l["p95"]), Number(l["p99"]), Number(l["p999"]), Number(l["answered"], "0.####")]));
        output.Write("\n");
        Screen.WriteTable(output, ["what", "stage", "median ms", "worst ms", "n"], new[] { ("cold start", "start"), ("hot swap", "swap"), ("training", "training") }.SelectMany(w => model[w.Item2]!.AsArray()
            .Select(s => (string[])[w.Item1, $"{s!["stage"]}", Number(s["p50"], "0.0"), Number(s["worst"], "0.0"), $"{s["n"]}"])));
        output.Write($"\nresident memory of the server after the loads: {Number(model["residentMegabytes"], "0")} MB\nrun:  {run.Folder}\n");
    }

    private static string Number(JsonNode? value, string format = "0.000") => value is null ? "–" : ((double)value).ToString(format, CultureInfo.InvariantCulture);
}

using System.Text.Json;

namespace PortfolioProject.Ladder;

/// <summary>What README blocks show beyond the shared model, computed from runs alone.</summary>
public static class ReportModel
{
    private const int ConfusedPairs = 5, WeakSlices = 8, SecondsPerLabel = 20;
    private const double MostOfTheGain = 0.9;

    public static JsonObject Of(Run run, MetricTable metrics, Run? hard, Run? detection)
    {
        var (ledger, facts) = (Ledger(run, metrics), run.Manifest.Facts);
        var last = Last(run);
        return new()
        {
            ["ledger"] = ledger,
            ["steps"] = Where(ledger, control: false),
            ["controls"] = Where(ledger, control: true),
            ["noHelp"] = new JsonArray([.. Where(ledger, control: false).Where(s => (string)s!["accuracy"]!["verdict"]! != "better").Select(s => s!.DeepClone())]),
            ["last"] = last,
            ["gain"] = Effect(run, LadderSteps.Redesigned, last),
            ["inflation"] = Effect(run, LadderSteps.Redesigned, "raw"),
            ["curve"] = new JsonArray([.. Curve(run, metrics).Select(c => new JsonObject { ["budget"] = c.Budget, ["ranked"] = Node(c.Ranked), ["random"] = Node(c.Random), ["effect"] = Effect(run, LadderSteps.Budget("random", c.Budget), LadderSteps.Budget("ranked", c.Budget)) })]),
            ["enough"] = Enough(run, metrics),
            ["audit"] = facts?["audit"]?.DeepClone(),
            ["weak"] = new JsonArray([.. facts?["audit"]?["slices"]?.AsArray().OrderBy(s => (double)s!["value"]!).Take(WeakSlices).Select(s => s!.DeepClone()) ?? []]),
            ["dataset"] = facts?["dataset"]?.DeepClone(),
            ["confused"] = new JsonArray([.. Confused(run, LadderSteps.Redesigned, last)]),
            ["worst"] = run.Cases.FirstOrDefault(c => c.Variant == last)?.Detail?["worst"]?.DeepClone(),
            ["output"] = new JsonArray([.. Summary.Lines(run, metrics).Select(l => JsonValue.Create(l))]),
            ["hard"] = hard is null ? null : Ledger(hard, hard.LoadMetrics()),
            ["hardPruned"] = hard is null ? null : Node(hard.LoadMetrics().Rows.Where(r => r.Variant == "pruned").ToDictionary(r => r.Name)),
            ["filters"] = detection is null ? null : Variants(detection, [.. Enum.GetValues<LabelFilter>().Select(LadderSteps.Name), "random-prune", "noisy", "oracle"]),
            ["rankings"] = detection is null ? null : Variants(detection, [.. LadderSteps.Scores.Select(s => "rank-" + s.Name)]),
            ["finders"] = detection is null ? null : Variants(detection, [.. detection.Variants.Where(v => v.Contains('@'))]),
        };
    }

    public static bool Planted(Run run) => (bool?)run.Manifest.Facts?["dataset"]?["planted"] == true;

    /// <summary>The last step of the ladder that the run has.</summary>
    public static string Last(Run run) => run.Variants.Contains("oriented") ? "oriented" : "reweighted";

    /// <summary>Every step with its predecessor: values, rows and the paired difference of each headline metric.</summary>
    private static JsonArray Ledger(Run run, MetricTable metrics) => new([.. LadderSteps.All.Where(s => run.Variants.Contains(s.Name)).Select(step =>
    {
        var node = new JsonObject { ["name"] = step.Name, ["from"] = step.From, ["changed"] = Planted(run) ? step.Changed : step.Elsewhere ?? step.Changed, ["control"] = step.Control, ["rows"] = metrics.Find("rows", step.Name)?.Value };
        foreach (var metric in Scoring.Metrics.Where(m => m.Headline)) node[metric.Name] = new JsonObject { ["row"] = Node(metrics.Find(metric.Name, step.Name)), ["verdict"] = "" };
        foreach (var c in step.From is null ? [] : Compare(run, step.From, step.Name))
            (node[c.Metric]!["effect"], node[c.Metric]!["verdict"]) = (Node(c), Format.Name(c.Verdict));
        return node;
    })]);

    public static IReadOnlyList<Comparison> Compare(Run run, string before, string after) => PairedComparison.Compare(
        [.. run.Cases.Where(c => c.Variant == before)], [.. run.Cases.Where(c => c.Variant == after)], [.. Scoring.Metrics.Where(m => m.Headline)], run.Manifest.Seed);

    public static IEnumerable<(int Budget, MetricRow Ranked, MetricRow Random)> Curve(Run run, MetricTable metrics) =>
        from variant in run.Variants
        where variant.StartsWith("review-ranked-", StringComparison.Ordinal)
        let budget = int.Parse(variant["review-ranked-".Length..], CultureInfo.InvariantCulture)
        select (budget, metrics.Find("accuracy", variant)!, metrics.Find("accuracy", LadderSteps.Budget("random", budget))!);

    /// <summary>The fewest reviewed labels that bring most of what all right labels would bring, and how long that takes.</summary>
    private static JsonObject? Enough(Run run, MetricTable metrics)
    {
        double? At(string step) => metrics.Find("accuracy", step)?.Value;
        var want = At(LadderSteps.Redesigned) + (MostOfTheGain * (At("oracle") - At(LadderSteps.Redesigned)));
        return Curve(run, metrics).FirstOrDefault(c => c.Ranked.Value >= want) is { Budget: > 0 } first
            ? new JsonObject { ["budget"] = first.Budget, ["share"] = MostOfTheGain, ["ranked"] = first.Ranked.Value, ["random"] = first.Random.Value, ["minutes"] = first.Budget * SecondsPerLabel / 60.0, ["seconds"] = SecondsPerLabel } : null;
    }

    /// <summary>Counts over all seeds, [true][predicted]; null when the step was not charted.</summary>
    public static int[][]? Confusion(Run run, string step) => run.Cases.Where(c => c.Variant == step).Select(c => c.Detail?["confusion"]?.AsArray()).OfType<JsonArray>()
        .Select(m => m.Select(r => r!.AsArray().Select(c => (int)c!).ToArray()).ToArray())
        .Aggregate((int[][]?)null, (sum, m) => sum is null ? m : [.. sum.Zip(m, (a, b) => a.Zip(b, (x, y) => x + y).ToArray())]);

    private static IEnumerable<JsonNode> Confused(Run run, string before, string after)
    {
        if (Confusion(run, before) is not { } b || Confusion(run, after) is not { } a || run.Manifest.Facts?["classes"]?.AsArray() is not { } names) return [];
        var pairs = from i in Enumerable.Range(0, b.Length) from j in Enumerable.Range(0, b.Length) where i != j orderby b[i][j] descending select (i, j);
        return pairs.Take(ConfusedPairs).Select(p => new JsonObject { ["actual"] = (string?)names[p.i], ["predicted"] = (string?)names[p.j], ["before"] = b[p.i][p.j], ["after"] = a[p.i][p.j], ["rows"] = b[p.i].Sum() });
    }

    private static JsonNode? Effect(Run run, string before, string after) => run.Variants.Contains(before) && run.Variants.Contains(after) ? Node(Compare(run, before, after)[0]) : null;

    private static JsonArray Where(JsonArray ledger, bool control) => new([.. ledger.Where(s => (bool)s!["control"]! == control && s["from"] is not null).Select(s => s!.DeepClone())]);

    private static JsonArray Variants(Run run, IEnumerable<string> names)
    {
        var metrics = run.LoadMetrics();
        return new([.. names.Where(run.Variants.Contains).Select(v => new JsonObject(metrics.Rows.Where(r => r.Variant == v).Select(r => KeyValuePair.Create(r.Name, Node(r))).Append(new("name", v))))]);
    }

    internal static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}

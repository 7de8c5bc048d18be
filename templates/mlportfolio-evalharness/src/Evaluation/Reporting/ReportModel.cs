namespace PortfolioProject.Evaluation;

/// <summary>What README blocks and the report show beyond the shared model, computed from a run alone.</summary>
public static class ReportModel
{
    internal const int SmallSlice = 10;
    private const int Shown = 5;
    private const int Quarters = 4;
    private const int OutputLines = 10;
    private const int CharactersPerToken = 4;
    private const string NullFlag = "null system ";
    private static readonly double[] HallucinationCosts = [0, -0.5, -1, -2, -4, -8];

    /// <summary>The main run's model, with the sweep's as <c>sweep</c> where there is one.</summary>
    public static JsonObject Of(Run run, MetricTable metrics, Run? sweep)
    {
        var model = Main(run, metrics);
        if (sweep is not null) model["sweep"] = Sweep(sweep, sweep.LoadMetrics());
        return model;
    }

    /// <summary>What systems are ranked by: utility, or the ranking of documents where no question has a gold answer.</summary>
    public static MetricDefinition Leading(MetricTable metrics) =>
        new[] { "utility", "ndcg@10" }.Select(n => HarnessMetrics.Main.First(m => m.Name == n)).MaxBy(m => metrics.Rows.Any(r => r.Name == m.Name && r.Value is not null))!;

    /// <summary>Variants by the leading metric, best first.</summary>
    public static IReadOnlyList<string> Ranked(Run run, MetricTable metrics) =>
        [.. run.Variants.OrderByDescending(v => metrics.Find(Leading(metrics).Name, v)?.Value ?? double.NegativeInfinity).ThenBy(v => v, StringComparer.Ordinal)];

    /// <summary>The best system that is no null system.</summary>
    public static string Best(Run run, MetricTable metrics)
    {
        var nulls = HarnessPortfolio.NullSystems(run);
        return Ranked(run, metrics).FirstOrDefault(v => !nulls.Contains(v)) ?? run.Variants[0];
    }

    /// <summary>Failures of one system, the most confident first: answered wrongly or without a ground (false positives), then declined (false negatives).</summary>
    public static IReadOnlyList<CaseRecord> Failures(Run run, string system, params Outcome[] outcomes) =>
        [.. HarnessPortfolio.InTestOf(run, system).Where(c => outcomes.Any(o => o.ToString() == c.Outcome))
            .OrderByDescending(c => (double?)c.Detail?["confidence"] ?? 0).ThenBy(c => c.Case, StringComparer.Ordinal)];

    private static JsonObject Main(Run run, MetricTable metrics)
    {
        var best = Best(run, metrics);
        var facts = run.Manifest.Facts;
        return new JsonObject
        {
            ["best"] = System(run, metrics, best),
            ["silence"] = Against(run, metrics, best, HarnessPortfolio.NullSystems(run).Order().FirstOrDefault(v => HarnessPortfolio.InTestOf(run, v).All(c => c.Detail?["answer"] is null))),
            ["runnerUp"] = Against(run, metrics, best, Ranked(run, metrics).FirstOrDefault(v => v != best && !HarnessPortfolio.NullSystems(run).Contains(v))),
            ["baseline"] = (string?)facts?["baseline"],
            ["dataset"] = facts?["dataset"]?.DeepClone(),
            ["notMeasured"] = new JsonArray([.. facts?["not_measured"]?.AsObject().Select(s => (JsonNode)new JsonObject { ["name"] = s.Key, ["why"] = (string?)s.Value }) ?? []]),
            ["leading"] = Json(Leading(metrics)),
            ["columns"] = new JsonArray([.. HarnessMetrics.Main.Select(Json)]),
            ["outcomeNames"] = new JsonArray([.. Enum.GetNames<Outcome>().Select(n => JsonValue.Create(n))]),
            ["systems"] = new JsonArray([.. Ranked(run, metrics).Select(v => System(run, metrics, v))]),
            ["comparisons"] = new JsonArray([.. Ranked(run, metrics).SelectMany(v => Comparisons(run, v))]),
            ["sensitivity"] = new JsonArray([.. metrics.Rows.Any(r => r is { Name: "utility", Value: not null }) ? HallucinationCosts.Select(cost => Sensitivity(run, cost)) : []]),
            ["stages"] = new JsonArray([.. Count(run, best, c => (string?)c.Detail?["stage"]).OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => (JsonNode)new JsonObject { ["name"] = s.Key, ["count"] = s.Value })]),
            ["reliability"] = new JsonArray([.. Reliability(run, best)]),
            ["bottleneck"] = (metrics.Find("oracle-reading", best)?.Value ?? 0) >= (metrics.Find("oracle-retrieval", best)?.Value ?? 0) ? "the reader" : "retrieval",
            ["contextTokens"] = metrics.Find("context-characters", best)?.Value / CharactersPerToken,
            ["nullWins"] = new JsonArray([.. metrics.Rows.Where(r => r.Slice is null && r.Flag?.Contains(NullFlag, StringComparison.Ordinal) == true).DistinctBy(r => r.Name)
                .Select(r => (JsonNode)new JsonObject { ["metric"] = r.Name, ["system"] = r.Flag!.Split(NullFlag)[1] })]),
            ["output"] = new JsonArray([.. Summary.Lines(run, metrics).Take(OutputLines).Select(l => JsonValue.Create(l))]),
            ["repeats"] = new JsonArray([.. Ranked(run, metrics).SelectMany(v => Repeats.Report(metrics, v))]),
            ["slices"] = new JsonArray([.. Slices(run, metrics, best)]),
            ["slicesByType"] = new JsonArray([.. Slices(run, metrics, best).Where(s => ((string)s!["name"]!).StartsWith("type=", StringComparison.Ordinal))]),
            ["latencies"] = new JsonArray([.. LatencyTable.Measure(run.Timings).Rows.Where(r => r.Variant == best || r.Variant == (string?)facts?["baseline"]).Select(Json)]),
            ["false_positives"] = Gallery(Failures(run, best, Outcome.Hallucination, Outcome.Incorrect)),
            ["false_negatives"] = Gallery(Failures(run, best, Outcome.OverAbstention)),
        };
    }

    private static JsonNode System(Run run, MetricTable metrics, string name)
    {
        var facts = run.Manifest.Facts?["systems"]?[name];
        var outcomes = Count(run, name, c => c.Outcome);
        var node = new JsonObject
        {
            ["name"] = name,
            ["about"] = (string?)facts?["about"],
            ["isNull"] = (bool?)facts?["null"] ?? false,
            ["isBest"] = name == Best(run, metrics),
            ["cells"] = new JsonArray([.. HarnessMetrics.Main.Select(d => Json(metrics.Find(d.Name, name)))]),
            ["outcomes"] = new JsonArray([.. Enum.GetNames<Outcome>().Select(o => JsonValue.Create(outcomes.GetValueOrDefault(o)))]),
        };
        foreach (var definition in HarnessMetrics.Main) node[definition.Name] = Json(metrics.Find(definition.Name, name));
        return node;
    }

    internal static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web);

    /// <summary>A system against the baseline on the headline metrics; nothing for the baseline itself and for null systems.</summary>
    private static IEnumerable<JsonNode?> Comparisons(Run run, string system)
    {
        if ((string?)run.Manifest.Facts?["baseline"] is not { } baseline || baseline == system || HarnessPortfolio.NullSystems(run).Contains(system)) yield break;
        foreach (var comparison in Compare(run, baseline, system, [.. HarnessMetrics.Main.Where(m => m.Headline)]))
        {
            var node = Json(comparison)!;
            node["variant"] = system;
            yield return node;
        }
    }

    /// <summary>One system against another, paired by test question.</summary>
    internal static IReadOnlyList<Comparison> Compare(Run run, string baseline, string system, IReadOnlyList<MetricDefinition> metrics, IReadOnlyList<string>? slices = null) =>
        PairedComparison.Compare(new Operand(run, baseline).Cases, new Operand(run, system).Cases, metrics, run.Manifest.Seed, HarnessPortfolio.InTest, slices);

    /// <summary>The best system against another on the leading metric; null where there is no other.</summary>
    private static JsonNode? Against(Run run, MetricTable metrics, string best, string? other)
    {
        var node = other is null ? null : Json(Compare(run, other, best, [Leading(metrics)]).FirstOrDefault());
        if (node is not null) node["name"] = other;
        return node;
    }

    /// <summary>Test cases by quarter of confidence, the surest first: how many were answerable, and right had the system answered, with Wilson intervals.</summary>
    private static IEnumerable<JsonNode?> Reliability(Run run, string system)
    {
        var cases = HarnessPortfolio.InTestOf(run, system).OrderByDescending(c => (double?)c.Detail?["confidence"] ?? 0).ThenBy(c => c.Case, StringComparer.Ordinal).ToList();
        for (var quarter = 0; quarter < Quarters && cases.Count >= Quarters; quarter++)
        {
            var part = cases[(cases.Count * quarter / Quarters)..(cases.Count * (quarter + 1) / Quarters)];
            var (answerable, right) = (part.Count(c => c.Tags.GetValueOrDefault("answerable") == "yes"), part.Count(c => (string?)c.Detail?["ungated"] == nameof(Outcome.Correct)));
            yield return new JsonObject
            {
                ["from"] = (double?)part[^1].Detail?["confidence"],
                ["to"] = (double?)part[0].Detail?["confidence"],
                ["n"] = part.Count,
                ["answerable"] = new JsonObject { ["value"] = (double)answerable / part.Count, ["interval"] = Json(Statistics.WilsonInterval(answerable, part.Count)) },
                ["right"] = new JsonObject { ["value"] = (double)right / part.Count, ["interval"] = Json(Statistics.WilsonInterval(right, part.Count)) },
            };
        }
    }

    /// <summary>The accuracy of one system in every slice, against the baseline on the same questions, Holm-corrected over all slices.</summary>
    private static IEnumerable<JsonNode?> Slices(Run run, MetricTable metrics, string best)
    {
        var baseline = (string?)run.Manifest.Facts?["baseline"] ?? best;
        var against = Compare(run, baseline, best, [.. HarnessMetrics.Main.Where(m => m.Name == "accuracy")], HarnessPortfolio.SliceTags).Where(c => c.Slice is not null).ToDictionary(c => c.Slice!);
        return metrics.Rows.Where(r => r.Name == "accuracy" && r.Variant == best && r.Slice is not null).Select(r => new JsonObject
        {
            ["name"] = r.Slice,
            ["n"] = r.N,
            ["small"] = r.N < SmallSlice,
            ["accuracy"] = Json(r),
            ["recall"] = metrics.Find("context-recall", best, r.Slice)?.Value,
            ["against"] = Json(against.GetValueOrDefault(r.Slice!)),
        });
    }

    /// <summary>How often each value occurs among a system's test cases.</summary>
    private static Dictionary<string, int> Count(Run run, string system, Func<CaseRecord, string?> key) => HarnessPortfolio.InTestOf(run, system).Select(key).OfType<string>().CountBy(k => k).ToDictionary();

    /// <summary>Who wins when a hallucination costs more or less than configs/run.yaml says; every other worth as configured.</summary>
    private static JsonNode Sensitivity(Run run, double cost)
    {
        var worth = Worth(run) with { Hallucination = cost };
        var means = run.Variants.Select(v => (Name: v, Mean: HarnessPortfolio.InTestOf(run, v).Where(c => Grader.IsScored(Enum.Parse<Outcome>(c.Outcome)))
            .Select(c => worth.Of(Enum.Parse<Outcome>(c.Outcome))).DefaultIfEmpty(double.NaN).Average())).OrderByDescending(x => x.Mean).ToList();
        return new JsonObject { ["cost"] = cost, ["winner"] = means[0].Name, ["utility"] = means[0].Mean, ["second"] = means.Count > 1 ? means[1].Name : null, ["second_utility"] = means.Count > 1 ? means[1].Mean : null };
    }

    internal static UtilityConfig Worth(Run run)
    {
        var u = run.Manifest.Config["inputs"]?["run"]?["utility"];
        double Of(string key) => Convert.ToDouble((u?[key] as JsonValue)?.ToString() ?? "0", CultureInfo.InvariantCulture);
        return new UtilityConfig
        {
            Correct = Of("correct"),
            Partial = Of("partial"),
            Incorrect = Of("incorrect"),
            CorrectAbstention = Of("correct_abstention"),
            OverAbstention = Of("over_abstention"),
            Hallucination = Of("hallucination"),
        };
    }

    private static JsonArray Gallery(IReadOnlyList<CaseRecord> failures) => [.. failures.Take(Shown).Select(c => (JsonNode)new JsonObject
    {
        ["case"] = c.Case,
        ["outcome"] = c.Outcome,
        ["stage"] = (string?)c.Detail?["stage"],
        ["question"] = (string?)c.Detail?["question"],
        ["gold"] = (string?)c.Detail?["golds"]?.AsArray().FirstOrDefault() ?? "no answer in the corpus",
        ["answer"] = (string?)c.Detail?["answer"] ?? "abstained",
        ["cited"] = (string?)c.Detail?["cited"],
        ["retrieved"] = string.Join(", ", c.Detail?["retrieved"]?.AsArray().Take(3).Select(r => (string?)r?["chunk"]) ?? []),
    })];

    internal static JsonObject Sweep(Run run, MetricTable metrics)
    {
        var budgets = HarnessPortfolio.Budgets(run).Select(ChunkSweep.Recall).ToList();
        return new JsonObject
        {
            ["budgets"] = new JsonArray([.. HarnessPortfolio.Budgets(run).Select(b => JsonValue.Create(b))]),
            ["chunkings"] = new JsonArray([.. run.Variants.OrderByDescending(v => budgets.Count == 0 ? 0 : metrics.Find(budgets[budgets.Count / 2], v)?.Value).Select(v => (JsonNode)new JsonObject
            {
                ["name"] = v,
                ["chunks"] = (int?)run.Manifest.Facts?[v]?["chunks"],
                ["index_bytes"] = (long?)run.Manifest.Facts?[v]?["index_bytes"],
                ["kilobytes"] = (long?)run.Manifest.Facts?[v]?["index_bytes"] / 1024.0,
                ["build_milliseconds"] = (double?)run.Manifest.Resources?[v]?["build_milliseconds"],
                ["split"] = Json(metrics.Find("split-evidence", v)),
                ["recall"] = new JsonArray([.. budgets.Select(b => Json(metrics.Find(b, v)))]),
            })]),
        };
    }
}

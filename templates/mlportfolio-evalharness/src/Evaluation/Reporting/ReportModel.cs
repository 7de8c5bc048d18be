namespace PortfolioProject.Evaluation;

/// <summary>What README blocks, the report and the printed summary show beyond the shared model, computed from a run alone.</summary>
public static class ReportModel
{
    private const int SmallSlice = 10, FewClusters = 10, Shown = 5, Quarters = 4, OutputLines = 10, CharactersPerToken = 4;
    private const string NullFlag = "won by null system ";
    private static readonly double[] HallucinationCosts = [0, -0.5, -1, -2, -4, -8];

    /// <summary>The main run's model, with that of a run of another kind under its kind's name.</summary>
    public static JsonObject Of(Run run, MetricTable metrics, params IEnumerable<Run?> others)
    {
        var model = Main(run, metrics);
        foreach (var other in others.OfType<Run>()) model[other.Manifest.Kind] = other.Manifest.Kind == ChunkSweep.Kind ? Sweep(other, other.LoadMetrics()) : Rates(other, other.LoadMetrics());
        return model;
    }

    /// <summary>What systems are ranked by: utility, or the ranking of documents where no question has a gold answer.</summary>
    public static MetricDefinition Leading(MetricTable metrics) =>
        new[] { "utility", "ndcg@10" }.Select(n => HarnessMetrics.Main.First(m => m.Name == n)).MaxBy(m => metrics.Rows.Any(r => r.Name == m.Name && r.Value is not null))!;

    /// <summary>Variants by the leading metric, best first.</summary>
    public static IReadOnlyList<string> Ranked(Run run, MetricTable metrics) =>
        [.. run.Variants.OrderByDescending(v => metrics.Find(Leading(metrics).Name, v)?.Value ?? double.NegativeInfinity).ThenBy(v => v, StringComparer.Ordinal)];

    /// <summary>The best system that is no null system.</summary>
    public static string Best(Run run, MetricTable metrics) => Ranked(run, metrics).Except(HarnessPortfolio.NullSystems(run)).FirstOrDefault(run.Variants[0]);

    /// <summary>Failures of one system, the most confident first: answered wrongly or without a ground (false positives), then declined (false negatives).</summary>
    public static IReadOnlyList<CaseRecord> Failures(Run run, string system, params Outcome[] outcomes) =>
        [.. MostConfident(HarnessPortfolio.InTestOf(run, system).Where(c => outcomes.Contains(Graded(c))))];

    internal static IEnumerable<CaseRecord> MostConfident(IEnumerable<CaseRecord> cases) =>
        cases.OrderByDescending(c => (double?)c.Detail?["confidence"] ?? 0).ThenBy(c => c.Case, StringComparer.Ordinal);

    internal static Outcome Graded(CaseRecord c) => Enum.Parse<Outcome>(c.Outcome);

    /// <summary>What outcomes were worth in a run.</summary>
    internal static UtilityConfig Worth(Run run) => StrictYaml.Parse<UtilityConfig>(run.Manifest.Config["inputs"]!["run"]!["utility"]!.ToJsonString(), Path.Combine(run.Folder, "run.json"));

    internal static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web);

    internal static JsonArray List<T>(IEnumerable<T> items) => new([.. items.Select(Json)]);

    private static JsonObject Main(Run run, MetricTable metrics)
    {
        var (best, ranked, nulls, facts) = (Best(run, metrics), Ranked(run, metrics), HarnessPortfolio.NullSystems(run), run.Manifest.Facts);
        var (baseline, scope, slices) = ((string?)facts?["baseline"], run.Cases.Where(HarnessPortfolio.InTest).ToList(), Slices(run, metrics, best).ToList());
        var (leading, silent) = (Leading(metrics), nulls.Order().FirstOrDefault(v => HarnessPortfolio.InTestOf(run, v).All(c => c.Detail?["answer"] is null)));
        var wrong = Failures(run, best, Outcome.Hallucination, Outcome.Incorrect);
        var declined = Failures(run, best, Outcome.OverAbstention);
        return new JsonObject
        {
            ["best"] = System(run, metrics, best),
            ["silence"] = Against(run, silent, best, [leading]).FirstOrDefault(),
            ["runnerUp"] = Against(run, ranked.FirstOrDefault(v => v != best && !nulls.Contains(v)), best, [leading]).FirstOrDefault(),
            ["againstBaseline"] = Against(run, best == baseline ? null : baseline, best, [leading]).FirstOrDefault(),
            ["baseline"] = baseline,
            ["dataset"] = facts?["dataset"]?.DeepClone(),
            ["notMeasured"] = List(facts?["not_measured"]?.AsObject().Select(s => new { name = s.Key, why = (string?)s.Value }) ?? []),
            ["models"] = run.Manifest.Resources?["models"]?.DeepClone(),
            ["prices"] = facts?["prices"]?.DeepClone(),
            ["costs"] = List(Costs(run)),
            ["leading"] = Json(leading),
            ["columns"] = List(HarnessMetrics.Main),
            ["outcomeNames"] = List(Enum.GetNames<Outcome>()),
            ["systems"] = List(ranked.Select(v => System(run, metrics, v))),
            ["comparisons"] = List(ranked.Where(v => v != baseline && !nulls.Contains(v)).SelectMany(v => Against(run, baseline, v, HarnessMetrics.Main.Where(m => m.Headline)))),
            ["sensitivity"] = List(metrics.Rows.Any(r => r is { Name: "utility", Value: not null }) ? HallucinationCosts.Select(cost => Sensitivity(run, cost)) : []),
            ["stages"] = List(Count(run, best, c => (string?)c.Detail?["stage"]).OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => new { name = s.Key, count = s.Value })),
            ["reliability"] = List(Reliability(run, best)),
            ["bottleneck"] = (metrics.Find("oracle-reading", best)?.Value ?? 0) >= (metrics.Find("oracle-retrieval", best)?.Value ?? 0) ? "the reader" : "retrieval",
            ["contextTokens"] = metrics.Find("context-characters", best)?.Value / CharactersPerToken,
            ["nullWins"] = List(metrics.Rows.Where(r => r.Slice is null && r.Flag?.Contains(NullFlag, StringComparison.Ordinal) == true).DistinctBy(r => r.Name)
                .Select(r => new { metric = r.Name, system = r.Flag!.Split(NullFlag)[1] })),
            ["cases"] = scope.Count,
            ["few"] = metrics.Find(leading.Name, best)?.Clusters < FewClusters,
            ["leftOut"] = List(scope.Where(c => !Grader.IsScored(Graded(c))).CountBy(c => (c.Outcome, Why: c.Unscored?.Values.FirstOrDefault())).Select(x => new { x.Key.Outcome, x.Key.Why, count = x.Value })),
            ["output"] = List(Summary.Lines(run, metrics).Take(OutputLines)),
            ["repeats"] = List(ranked.SelectMany(v => Repeats.Report(metrics, v))),
            ["slices"] = List(slices),
            ["slicesByType"] = List(slices.Where(s => ((string)s!["name"]!).StartsWith("type=", StringComparison.Ordinal))),
            ["latencies"] = List(LatencyTable.Measure(run.Timings).Rows.Where(r => r.Variant == best || r.Variant == baseline)),
            ["falsePositives"] = List(wrong.Take(Shown)),
            ["falseNegatives"] = List(declined.Take(Shown)),
            ["worst"] = Json(wrong.Concat(declined).FirstOrDefault()),
        };
    }

    private static JsonObject System(Run run, MetricTable metrics, string name)
    {
        var (facts, outcomes) = (run.Manifest.Facts?["systems"]?[name], Count(run, name, c => c.Outcome));
        var node = new JsonObject
        {
            ["name"] = name,
            ["about"] = (string?)facts?["about"],
            ["isNull"] = (bool?)facts?["null"] ?? false,
            ["isBest"] = name == Best(run, metrics),
            ["cells"] = List(HarnessMetrics.Main.Select(d => metrics.Find(d.Name, name))),
            ["outcomes"] = List(Enum.GetNames<Outcome>().Select(o => outcomes.GetValueOrDefault(o))),
        };
        foreach (var definition in HarnessMetrics.Main) node[definition.Name] = Json(metrics.Find(definition.Name, name));
        return node;
    }

    /// <summary>One system against another, where there is another, with both names.</summary>
    private static IEnumerable<JsonNode?> Against(Run run, string? name, string variant, IEnumerable<MetricDefinition> metrics) =>
        name is null ? [] : Compare(run, name, variant, [.. metrics]).Select(c =>
        {
            var node = Json(c);
            (node!["name"], node["variant"]) = (name, variant);
            return node;
        });

    /// <summary>One system against another, paired by test question.</summary>
    private static IReadOnlyList<Comparison> Compare(Run run, string baseline, string system, IReadOnlyList<MetricDefinition> metrics, IReadOnlyList<string>? slices = null) =>
        PairedComparison.Compare(new Operand(run, baseline).Cases, new Operand(run, system).Cases, metrics, run.Manifest.Seed, HarnessPortfolio.InTest, slices);

    /// <summary>Test cases by quarter of confidence, the surest first: how many were answerable, and right had the system answered, with Wilson intervals.</summary>
    private static IEnumerable<object> Reliability(Run run, string system)
    {
        var cases = MostConfident(HarnessPortfolio.InTestOf(run, system)).ToList();
        return Enumerable.Range(0, cases.Count < Quarters ? 0 : Quarters).Select(quarter =>
        {
            var part = cases[(cases.Count * quarter / Quarters)..(cases.Count * (quarter + 1) / Quarters)];
            object Share(int holds) => new { value = (double)holds / part.Count, interval = Statistics.WilsonInterval(holds, part.Count) };
            var (answerable, right) = (part.Count(c => c.Tags.GetValueOrDefault("answerable") == "yes"), part.Count(c => (string?)c.Detail?["ungated"] == nameof(Outcome.Correct)));
            return new { from = part[^1].Detail?["confidence"], to = part[0].Detail?["confidence"], n = part.Count, answerable = Share(answerable), right = Share(right) };
        });
    }

    /// <summary>The accuracy of one system in every slice, against the baseline on the same questions, Holm-corrected over all slices.</summary>
    private static IEnumerable<JsonNode?> Slices(Run run, MetricTable metrics, string best)
    {
        var baseline = (string?)run.Manifest.Facts?["baseline"] ?? best;
        var against = Compare(run, baseline, best, [.. HarnessMetrics.Main.Where(m => m.Name == "accuracy")], HarnessPortfolio.SliceTags).Where(c => c.Slice is not null).ToDictionary(c => c.Slice!);
        return metrics.Rows.Where(r => r.Name == "accuracy" && r.Variant == best && r.Slice is not null).Select(r => Json(new
        { name = r.Slice, n = r.N, small = r.N < SmallSlice, accuracy = r, recall = metrics.Find("context-recall", best, r.Slice)?.Value, against = against.GetValueOrDefault(r.Slice!) }));
    }

    /// <summary>What each chat system costs with each chat model of the price table, no token cached. Tokens as billed; before that, of four characters each.</summary>
    private static IEnumerable<object> Costs(Run run) =>
        from system in run.Manifest.Facts?["prompts"]?.AsObject() ?? []
        let billed = run.Timings.Where(t => t.Variant == system.Key && t.InputTokens > 0).DefaultIfEmpty().ToList()
        let measured = billed[0] is not null
        let prompt = measured ? billed.Average(t => t!.InputTokens) / (int)system.Value!["repeats"]! : (double)system.Value!["prompt_characters"]! / CharactersPerToken
        let reply = measured ? billed.Average(t => t!.OutputTokens) / (int)system.Value!["repeats"]! : (double)system.Value!["reply_characters"]! / CharactersPerToken
        from price in run.Manifest.Facts?["prices"]?.AsArray() ?? []
        where (double)price!["output"]! > 0
        let cost = ((prompt * (double)price["input"]!) + (reply * (double)price["output"]!)) / 1e6
        select new { name = system.Key, model = (string?)price["model"], currency = (string?)price["currency"], measured, prompt, reply, thousand = cost * 1e3, million = cost * 1e6 };

    /// <summary>How often each value occurs among a system's test cases.</summary>
    private static Dictionary<string, int> Count(Run run, string system, Func<CaseRecord, string?> key) => HarnessPortfolio.InTestOf(run, system).Select(key).OfType<string>().CountBy(k => k).ToDictionary();

    /// <summary>Who wins when a hallucination costs more or less than configs/run.yaml says; every other worth as configured.</summary>
    private static object Sensitivity(Run run, double cost)
    {
        var worth = Worth(run) with { Hallucination = cost };
        var means = run.Cases.Where(c => HarnessPortfolio.InTest(c) && Grader.IsScored(Graded(c))).GroupBy(c => c.Variant)
            .Select(g => (Name: g.Key, Mean: g.Average(c => worth.Of(Graded(c))))).OrderByDescending(x => x.Mean).ToList();
        return new { cost, winner = means[0].Name, utility = means[0].Mean, second = means.ElementAtOrDefault(1).Name, secondUtility = means.Count > 1 ? means[1].Mean : (double?)null };
    }

    /// <summary>Every metric of every variant: what a run of another kind shows.</summary>
    public static JsonObject Rates(Run run, MetricTable metrics) => new()
    {
        ["run"] = run.Manifest.Id,
        ["facts"] = run.Manifest.Facts?.DeepClone(),
        ["columns"] = List(HarnessPortfolio.Definitions(run)),
        ["rows"] = List(run.Variants.Select(v => new { name = v, cells = HarnessPortfolio.Definitions(run).Select(d => (object?)metrics.Find(d.Name, v) ?? new { }) })),
    };

    public static JsonObject Sweep(Run run, MetricTable metrics)
    {
        var budgets = HarnessPortfolio.Budgets(run).ToList();
        var (names, facts, resources) = (budgets.Select(ChunkSweep.Recall).ToList(), run.Manifest.Facts, run.Manifest.Resources);
        return new JsonObject
        {
            ["run"] = run.Manifest.Id,
            ["budgets"] = List(budgets),
            ["chunkings"] = List(run.Variants.OrderByDescending(v => names.Count == 0 ? 0 : metrics.Find(names[names.Count / 2], v)?.Value).Select(v => new
            {
                name = v,
                chunks = (int?)facts?[v]?["chunks"],
                kilobytes = (long?)facts?[v]?["index_bytes"] / 1024.0,
                buildMilliseconds = (double?)resources?[v]?["build_milliseconds"],
                split = metrics.Find("split-evidence", v),
                recall = names.Select(b => metrics.Find(b, v)),
            })),
        };
    }
}

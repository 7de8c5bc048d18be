namespace PortfolioProject.Modeling;

/// <summary>One thing that a version has to pass, and what was seen.</summary>
public sealed record GateStep(string Name, bool Passed, string Detail);

/// <summary>
/// What stands between a version and the stable role: the bundle verifies and answers its golden rows, clients see the same signature, one row is
/// predicted within the budget, and recent rows are not labelled otherwise more often than allowed. Command line and dashboard ask the same gate.
/// </summary>
public static class PromotionGate
{
    private const int Calls = 2_000;

    /// <param name="rows">Recent raw rows, row-major; where there are none, the stable version's golden rows are compared.</param>
    /// <param name="source">What the rows are, for the report.</param>
    public static IReadOnlyList<GateStep> Judge(ModelRegistry registry, string version, IModelEngine engine, PromotionConfig rules, ReadOnlySpan<float> rows, string source)
    {
        Bundle candidate;
        try { candidate = registry.Load(version, engine); }
        catch (UserError e) { return [new GateStep("bundle", false, e.Message)]; }
        var steps = new List<GateStep> { new("bundle", true, $"every digest holds, {candidate.Manifest.Golden.Count} golden rows within {Bundle.GoldenTolerance}"), Latency(candidate, rules) };
        var name = registry.State().Stable;
        if (name is null || name == version) return [.. steps, new GateStep("comparison", true, name is null ? "no stable version to compare with" : "is the stable version")];
        Bundle stable;
        try { stable = Bundle.Load(registry.FolderOf(name), engine); }
        catch (UserError e) { return [.. steps, new GateStep("comparison", true, $"the stable version {name} cannot be loaded: {e.Message}")]; }
        var (before, after) = (stable.Manifest, candidate.Manifest);
        var same = after.AnswersLike(before);
        steps.Insert(1, new GateStep("signature", same, same ? $"{after.Features.Count} features and {after.Classes.Count} classes as in version {name}"
            : $"features or classes differ from version {name}: clients would break. Give it a model name of its own: --set name=…"));
        if (!same) return steps;
        var enough = rows.Length > 0 && rows.Length % before.Features.Count == 0;
        return [.. steps, enough ? Disagreement(stable, candidate, rows, rules, source)
            : Disagreement(stable, candidate, [.. before.Golden.SelectMany(g => g.Features)], rules, $"golden rows of version {name}")];
    }

    /// <summary>How often two versions give rows another label.</summary>
    public static (int Differ, int Rows) Disagree(Bundle a, Bundle b, ReadOnlySpan<float> rows)
    {
        var (features, classes) = (a.Manifest.Features.Count, a.Manifest.Classes.Count);
        var (n, differ) = (rows.Length / features, 0);
        var (first, second) = (new float[n * classes], new float[n * classes]);
        a.Predict(rows, first);
        b.Predict(rows, second);
        for (var i = 0; i < n; i++) differ += Bundle.Likeliest(first.AsSpan(i * classes, classes)) == Bundle.Likeliest(second.AsSpan(i * classes, classes)) ? 0 : 1;
        return (differ, n);
    }

    private static GateStep Disagreement(Bundle stable, Bundle candidate, ReadOnlySpan<float> rows, PromotionConfig rules, string source)
    {
        var (differ, n) = Disagree(stable, candidate, rows);
        var interval = Statistics.WilsonInterval(differ, n);
        return new GateStep("disagreement", interval.Low <= rules.Disagreement, FormattableString.Invariant(
            $"{differ} of {n} rows labelled otherwise than by version {stable.Manifest.Version} ({source}): {Format.Percent((double)differ / n)} {Format.Bounds(interval.Low, interval.High)}, allowed {rules.Disagreement}"));
    }

    private static GateStep Latency(Bundle bundle, PromotionConfig rules)
    {
        var (row, probabilities, times) = (bundle.Manifest.Golden[0].Features.ToArray(), new float[bundle.Manifest.Classes.Count], new double[Calls]);
        for (var call = -Calls / 4; call < Calls; call++)
        {
            var start = Stopwatch.GetTimestamp();
            bundle.Predict(row, probabilities);
            if (call >= 0) times[call] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        var p95 = Statistics.NearestRank(times, 0.95);
        return new GateStep("latency", p95 <= rules.BudgetMs, FormattableString.Invariant($"p95 of {Calls} single rows {p95:0.0000} ms, budget {rules.BudgetMs} ms"));
    }
}

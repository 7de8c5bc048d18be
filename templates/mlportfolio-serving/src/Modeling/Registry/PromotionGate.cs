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
        GateStep[] alone = [new("bundle", true, $"every digest holds, {candidate.Manifest.Golden.Count} golden rows within {Bundle.GoldenTolerance}"), Latency(candidate, rules)];
        var name = registry.State().Stable;
        if (name is null || name == version) return [.. alone, new GateStep("comparison", true, name is null ? "no stable version to compare with" : "is the stable version")];
        Bundle stable;
        try { stable = Bundle.Load(registry.FolderOf(name), engine); }
        catch (UserError e) { return [.. alone, new GateStep("comparison", true, $"the stable version {name} cannot be loaded: {e.Message}")]; }
        var (before, after) = (stable.Manifest, candidate.Manifest);
        if (!after.AnswersLike(before)) return [.. alone, new GateStep("signature", false, $"features or classes differ from version {name}: clients would break. Give it a model name of its own: --set name=…")];
        alone = [.. alone, new("signature", true, $"{after.Features.Count} features and {after.Classes.Count} classes as in version {name}")];
        var enough = rows.Length > 0 && rows.Length % before.Features.Count == 0;
        return [.. alone, enough ? Disagreement(stable, candidate, rows, rules, source)
            : Disagreement(stable, candidate, [.. before.Golden.SelectMany(g => g.Features)], rules, $"golden rows of version {name}")];
    }

    private static GateStep Disagreement(Bundle stable, Bundle candidate, ReadOnlySpan<float> rows, PromotionConfig rules, string source)
    {
        var (n, classes) = (rows.Length / stable.Manifest.Features.Count, stable.Manifest.Classes.Count);
        var (before, after, differ) = (new float[n * classes], new float[n * classes], 0);
        stable.Predict(rows, before);
        candidate.Predict(rows, after);
        for (var at = 0; at < before.Length; at += classes) differ += Bundle.Likeliest(before.AsSpan(at, classes)) == Bundle.Likeliest(after.AsSpan(at, classes)) ? 0 : 1;
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

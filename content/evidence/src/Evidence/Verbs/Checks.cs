namespace PortfolioProject.Evidence;

/// <summary>One line of what `check` prints: result is "ok", "error", "warning", "info", or a gate's outcome in capitals.</summary>
internal sealed record CheckRow(string Check, string Result, string Detail);

/// <summary>The shared checks, in the order in which `check` runs them; each returns everything it finds.</summary>
internal static class Checks
{
    public static (IReadOnlyList<CheckRow> Rows, bool Strict) All(Portfolio portfolio)
    {
        var rows = new List<CheckRow>();
        var (published, config, judged) = ((Publication?)null, (GateConfig?)null, (IReadOnlyList<CheckRow>)[]);
        void Step(string name, Func<IEnumerable<Finding>> run) => rows.AddRange(Guarded(run)
            .Select(f => new CheckRow(name, $"{f.Severity}".ToLowerInvariant(), f.Where.Length > 0 ? $"{f.Where}: {f.Message}" : f.Message)).DefaultIfEmpty(new(name, "ok", "")));
        Step("results", () => (published = new Publication(portfolio)).Main is null ? [Info("nothing pinned yet")] : []);
        foreach (var run in published?.Kinds ?? [])
        {
            Step($"metrics of {run.Manifest.Kind}", () => Metrics(portfolio, run));
            Step($"charts of {run.Manifest.Kind}", () => Charts(portfolio, run));
        }

        Step("blocks", () => published is null ? [] : [.. published.Documents.SelectMany(d => Guarded(() => Blocks(portfolio, published, d))), .. Unquoted(portfolio.Root, published)]);
        Step("data", () => published?.Kinds.SelectMany(k => Data(portfolio.Root, k.Manifest)).Distinct() ?? []);
        Step("decisions", () => published?.Problems ?? []);
        foreach (var check in portfolio.Checks) Step(check.Name, check.Run);
        Step("gates", () =>
        {
            if (!File.Exists(Path.Combine(portfolio.Root, Gate.ConfigFile))) return [Info("no " + Gate.ConfigFile)];
            config = StrictYaml.Read<GateConfig>(Path.Combine(portfolio.Root, Gate.ConfigFile));
            if (config.Gates.Select(g => portfolio.Metric(g.Metric, Gate.ConfigFile)).ToList().Count == 0) return [Error(Gate.ConfigFile, "no gate: nothing would be noticed")];
            if (published?.Main is not { } baseline) return [Info("nothing pinned yet to judge against")];
            if (RunStore.NewestComplete(portfolio.Root, baseline.Manifest.Kind, m => m.Data.Select(d => d.Path).Intersect(baseline.Manifest.Data.Select(d => d.Path)).Any() || m.Data.Count == 0) is not { } candidate)
                return [Info("no complete run on the published data under runs/ to judge")];
            judged = [.. Gate.Judge(config, baseline, candidate, portfolio).Select(r => new CheckRow(
                $"gate {r.Rule.Metric} of {r.Rule.Variant}{(r.Rule.Slice is null ? "" : " at " + r.Rule.Slice)}", $"{r.Outcome}".ToUpperInvariant(), r.Reason))];
            return [Info($"{candidate.Manifest.Id} against {baseline.Manifest.Id}")];
        });
        return ([.. rows, .. judged], config?.Strict ?? false);
    }

    public static ExitCode Code(IReadOnlyList<CheckRow> rows)
    {
        var results = rows.Select(r => r.Result).ToHashSet();
        return results.Overlaps(["error", "FAIL"]) ? ExitCode.Regression : results.Contains("INFRA") ? ExitCode.Incomplete
            : results.Contains("INCONCLUSIVE") ? ExitCode.Inconclusive : ExitCode.Pass;
    }

    private static Finding Info(string message) => new(Severity.Info, "", message);

    private static Finding Error(string where, string message) => new(Severity.Error, where, message);

    private static List<Finding> Guarded(Func<IEnumerable<Finding>> run)
    {
        try { return [.. run()]; }
        catch (UserError e) { return [Error("", e.Message)]; }
    }

    private static IEnumerable<Finding> Metrics(Portfolio portfolio, Run run)
    {
        var where = $"results/{run.Manifest.Kind}/";
        if (!run.HoldsWhatWasWritten) yield return Error(where + Run.CasesFile, $"not what the run wrote: run.json counts {run.Manifest.Cases} cases, the file holds {run.Cases.Count}");
        if (RunJson.Page(LatencyTable.Measure(run.Timings)) != TextFile.Read(Path.Combine(run.Folder, Run.LatencyFile)))
            yield return Error(where + Run.LatencyFile, "differs from what timings.jsonl gives");
        static string Key(MetricRow r) => $"{r.Name} of {r.Variant}{(r.Slice is null ? "" : " at " + r.Slice)}";
        static string Show(MetricRow? r) => r is null ? "nothing" : $"{Format.Measured(r)} (n {r.N}, clusters {r.Clusters}, unscored {r.Unscored}; good: {r.Direction}{(r.Flag is null ? "" : ", " + r.Flag)})";
        var (claimed, computed) = (run.LoadMetrics().Rows.ToDictionary(Key), portfolio.Measure(run).Rows.ToDictionary(Key));
        foreach (var key in claimed.Keys.Union(computed.Keys))
            if ((claimed.GetValueOrDefault(key), computed.GetValueOrDefault(key)) is var (claim, value) && !Same(claim, value))
                yield return Error(where + Run.MetricsFile, $"{key}: claimed {Show(claim)}, recomputed {Show(value)}");
    }

    /// <summary>Values and bounds to 1e-6 relative (mathematics libraries differ), all else exactly.</summary>
    private static bool Same(MetricRow? a, MetricRow? b)
    {
        static bool Near(double? x, double? y) => x == y || Math.Abs((x - y) ?? double.NaN) <= 1e-12 + (1e-6 * Math.Max(Math.Abs(x ?? 0), Math.Abs(y ?? 0)));
        return a is not null && b is not null && Near(a.Value, b.Value) && Near(a.Interval?.Low, b.Interval?.Low) && Near(a.Interval?.High, b.Interval?.High)
            && a with { Value = null, Interval = null } == b with { Value = null, Interval = null };
    }

    private static IEnumerable<Finding> Charts(Portfolio portfolio, Run run)
    {
        var fresh = portfolio.Charts(run);
        foreach (var name in fresh.Keys.Union(Directory.GetFiles(run.Folder, "*.svg").Select(f => Path.GetFileName(f)!)).Order(StringComparer.Ordinal))
            if (!File.Exists(Path.Combine(run.Folder, name)) || TextFile.Read(Path.Combine(run.Folder, name)) != fresh.GetValueOrDefault(name))
                yield return Error($"results/{run.Manifest.Kind}/{name}", "differs from what the run gives; pin the run again");
    }

    private static IEnumerable<Finding> Blocks(Portfolio portfolio, Publication published, string document) =>
        Block.Find(TextFile.Read(Path.Combine(portfolio.Root, document)), document).SelectMany(block => Guarded(() =>
        {
            var (want, got) = (published.Render(block.Name, document).Split('\n'), block.Body.Split('\n'));
            var at = Enumerable.Range(0, Math.Max(want.Length, got.Length)).FirstOrDefault(i => want.ElementAtOrDefault(i) != got.ElementAtOrDefault(i), -1);
            var (a, b) = at < 0 ? ("", "") : (want.ElementAtOrDefault(at) ?? "", got.ElementAtOrDefault(at) ?? "");
            var same = Math.Max(0, a.AsSpan().CommonPrefixLength(b) - 20);
            return at < 0 ? [] : [Error($"{document}:{block.Line + 1 + at}", $"block \"{block.Name}\": expected {UserError.Quote(a[same..])}, got {UserError.Quote(b[same..])}; pin renders blocks")];
        }));

    /// <summary>Blocks that were taken out of every document, marks and all: what is no longer quoted can no longer be stale.</summary>
    private static IEnumerable<Finding> Unquoted(string root, Publication published) =>
        (new DirectoryInfo(Path.Combine(root, "docs", "blocks")) is { Exists: true } folder ? folder.GetFiles("*.hbs") : []).Select(f => Path.GetFileNameWithoutExtension(f.Name))
            .Except(published.Documents.SelectMany(d => Block.Find(TextFile.Read(Path.Combine(root, d)), d)).Select(b => b.Name)).Order(StringComparer.Ordinal)
            .Select(name => Error($"docs/blocks/{name}.hbs", "no document quotes this block: put it back, or delete the file"));

    private static IEnumerable<Finding> Data(string root, RunManifest manifest)
    {
        foreach (var file in manifest.Data)
            if (!File.Exists(Path.Combine(root, file.Path))) yield return Error(file.Path, "missing; the published run read it");
            else if (TextFile.Sha256OfFile(Path.Combine(root, file.Path)) is var hash && hash != file.Sha256)
                yield return Error(file.Path, $"changed since the published run: sha256 {hash[..12]}…, was {file.Sha256[..12]}…");
        var known = manifest.Data.Select(d => d.Path).ToHashSet();
        foreach (var (folder, type) in known.Select(p => (Folder: Path.GetDirectoryName(Path.Combine(root, p))!, Type: Path.GetExtension(p))).Distinct().Where(k => Directory.Exists(k.Folder)))
            foreach (var added in Directory.GetFiles(folder, "*" + type).Select(f => Repository.Relative(root, f)).Where(f => !known.Contains(f)).Order(StringComparer.Ordinal))
                yield return Error(added, "added since the published run");
    }
}

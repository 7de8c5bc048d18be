namespace PortfolioProject.Evidence;

/// <summary>One line of what `check` prints: result is "ok", "error", "warning", "info", or a gate's outcome.</summary>
internal sealed record CheckRow(string Check, string Result, string Detail);

/// <summary>The shared checks, in the order in which `check` runs them; each returns everything it finds.</summary>
internal static class Checks
{
    private const double Tolerance = 1e-6;

    public static (IReadOnlyList<CheckRow> Rows, bool Strict) Run(Portfolio portfolio)
    {
        var rows = new List<CheckRow>();
        Publication? published = null;
        var strict = false;
        void Step(string name, Func<IEnumerable<Finding>> run) => rows.AddRange(Guarded(run)
            .Select(f => new CheckRow(name, f.Severity.ToString().ToLowerInvariant(), f.Where.Length > 0 ? $"{f.Where}: {f.Message}" : f.Message)).DefaultIfEmpty(new(name, "ok", "")));
        Step("results", () =>
        {
            published = new Publication(portfolio);
            return published.Main is null ? [new(Severity.Info, "", "nothing pinned yet")] : [];
        });
        if (published is { } p)
        {
            foreach (var run in p.Kinds)
            {
                Step($"metrics of {run.Manifest.Kind}", () => Metrics(portfolio, run));
                Step($"charts of {run.Manifest.Kind}", () => Charts(portfolio, run));
            }

            Step("blocks", () => p.Documents().SelectMany(d => Guarded(() => Blocks(portfolio, p, d))));
            Step("data", () => p.Main is null ? [] : Data(portfolio.Root, p.Main.Manifest));
            Step("decisions", () => p.Problems.Select(e => new Finding(Severity.Error, "", e.Message)));
        }

        foreach (var check in portfolio.Checks)
            Step(check.Name, check.Run);
        Step("gates", () =>
        {
            var (config, judged) = Gates(portfolio, published?.Main);
            strict = config?.Strict ?? false;
            rows.AddRange(judged);
            return judged.Count > 0 ? [] : [new(Severity.Info, "", config is null ? "no " + Gate.ConfigFile : published?.Main is null ? "no baseline is pinned" : "no new run to judge")];
        });
        return (rows, strict);
    }

    public static ExitCode Code(IReadOnlyList<CheckRow> rows)
    {
        bool Any(string result) => rows.Any(r => r.Result == result);
        return Any("error") || Any("FAIL") ? ExitCode.Regression : Any("INFRA") ? ExitCode.Incomplete : Any("INCONCLUSIVE") ? ExitCode.Inconclusive : ExitCode.Pass;
    }

    private static List<Finding> Guarded(Func<IEnumerable<Finding>> run)
    {
        try
        {
            return [.. run()];
        }
        catch (UserError e)
        {
            return [new(Severity.Error, "", e.Message)];
        }
    }

    private static IEnumerable<Finding> Metrics(Portfolio portfolio, Run run)
    {
        var where = $"results/{run.Manifest.Kind}/";
        if (run.Manifest.Cases != run.Cases.Count)
            yield return new(Severity.Error, where + Evidence.Run.CasesFile, $"run.json counts {run.Manifest.Cases} cases, the file holds {run.Cases.Count}");
        if (RunJson.Page(LatencyTable.Measure(run.Timings)) != TextFile.Read(Path.Combine(run.Folder, Evidence.Run.LatencyFile)))
            yield return new(Severity.Error, where + Evidence.Run.LatencyFile, "differs from what timings.jsonl gives");
        var (claimed, computed) = (run.LoadMetrics().Rows.ToDictionary(Key), portfolio.Measure(run).Rows.ToDictionary(Key));
        foreach (var key in claimed.Keys.Union(computed.Keys))
            if (!claimed.TryGetValue(key, out var c) || !computed.TryGetValue(key, out var r) || !Same(c, r))
                yield return new(Severity.Error, where + Evidence.Run.MetricsFile, $"{key}: claimed {Show(claimed.GetValueOrDefault(key))}, recomputed {Show(computed.GetValueOrDefault(key))}");
        static string Key(MetricRow r) => $"{r.Name} of {r.Variant}{(r.Slice is null ? "" : " at " + r.Slice)}";
        static string Show(MetricRow? r) => r is null ? "nothing" : $"{Format.Measured(r)} (n {r.N}, clusters {r.Clusters}, unscored {r.Unscored}{(r.Flag is null ? "" : ", " + r.Flag)})";
    }

    private static bool Same(MetricRow a, MetricRow b) => Near(a.Value, b.Value) && Near(a.Interval?.Low, b.Interval?.Low) && Near(a.Interval?.High, b.Interval?.High)
        && a with { Value = null, Interval = null } == b with { Value = null, Interval = null };

    private static bool Near(double? a, double? b) => a == b || Math.Abs(a - b ?? double.NaN) <= Tolerance * Math.Max(Math.Abs(a ?? 0), Math.Abs(b ?? 0)) + 1e-12;

    private static IEnumerable<Finding> Charts(Portfolio portfolio, Run run)
    {
        var fresh = portfolio.Charts(run);
        foreach (var name in fresh.Keys.Union(Directory.GetFiles(run.Folder, "*.svg").Select(f => Path.GetFileName(f)!)).Order(StringComparer.Ordinal))
            if (!File.Exists(Path.Combine(run.Folder, name)) || TextFile.Read(Path.Combine(run.Folder, name)) != fresh.GetValueOrDefault(name))
                yield return new(Severity.Error, $"results/{run.Manifest.Kind}/{name}", "differs from what the run gives; pin the run again");
    }

    private static IEnumerable<Finding> Blocks(Portfolio portfolio, Publication published, string document)
    {
        foreach (var block in Block.Find(TextFile.Read(Path.Combine(portfolio.Root, document)), document))
        {
            string? expected = null, problem = null;
            try
            {
                expected = published.Render(block.Name, document);
            }
            catch (UserError e)
            {
                problem = e.Message;
            }

            var (want, got) = ((expected ?? block.Body).Split('\n'), block.Body.Split('\n'));
            var at = Enumerable.Range(0, Math.Max(want.Length, got.Length)).Where(i => want.ElementAtOrDefault(i) != got.ElementAtOrDefault(i)).Select(i => (int?)i).FirstOrDefault();
            if (problem is not null || at is not null)
                yield return new(Severity.Error, $"{document}:{block.Line + 1 + (at ?? -1)}", problem
                    ?? $"block \"{block.Name}\": expected {UserError.Quote(want.ElementAtOrDefault(at!.Value))}, got {UserError.Quote(got.ElementAtOrDefault(at.Value))}; pin renders blocks");
        }
    }

    private static IEnumerable<Finding> Data(string root, RunManifest manifest)
    {
        foreach (var file in manifest.Data)
            if (!File.Exists(Path.Combine(root, file.Path)))
                yield return new(Severity.Error, file.Path, "missing; the published run read it");
            else if (TextFile.Sha256OfFile(Path.Combine(root, file.Path)) is var hash && hash != file.Sha256)
                yield return new(Severity.Error, file.Path, $"changed since the published run: sha256 {hash[..12]}…, was {file.Sha256[..12]}…");
        var known = manifest.Data.Select(d => d.Path).ToHashSet();
        foreach (var (folder, extension) in known.Select(p => (Path.GetDirectoryName(Path.Combine(root, p))!, Path.GetExtension(p))).Distinct().Where(k => Directory.Exists(k.Item1)))
            foreach (var added in Directory.GetFiles(folder, "*" + extension).Select(f => Repository.Relative(root, f)).Where(f => !known.Contains(f)).Order(StringComparer.Ordinal))
                yield return new(Severity.Error, added, "added since the published run");
    }

    private static (GateConfig? Config, IReadOnlyList<CheckRow> Rows) Gates(Portfolio portfolio, Run? baseline)
    {
        var file = Path.Combine(portfolio.Root, Gate.ConfigFile);
        var config = File.Exists(file) ? StrictYaml.Read<GateConfig>(file) : null;
        if (config is null || baseline is null || RunStore.NewestComplete(portfolio.Root, "main") is not { } candidate)
            return (config, []);
        return (config, [.. Gate.Judge(config, baseline, candidate, portfolio).Select(r => new CheckRow(
            $"gate {r.Rule.Metric} of {r.Rule.Variant}{(r.Rule.Slice is null ? "" : " at " + r.Rule.Slice)}", r.Outcome.ToString().ToUpperInvariant(), $"{candidate.Manifest.Id}: {r.Reason}"))]);
    }
}

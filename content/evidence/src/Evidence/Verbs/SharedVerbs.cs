using System.CommandLine;

namespace PortfolioProject.Evidence;

/// <summary>
/// The verbs that every repository shares; all are pure functions of runs and of the files beside them. The portfolio is made when a verb runs,
/// so that --help works anywhere.
/// </summary>
public static class SharedVerbs
{
    /// <summary>--format table|json, for every verb that prints results.</summary>
    public static Option<string> FormatOption() =>
        new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" }.AcceptOnlyFromAmong("table", "json");

    public static Command Pin(Lazy<Portfolio> lazy)
    {
        var names = new Argument<string[]>("RUN") { Description = "runs: folder, id or its beginning, \"latest\" or \"latest/<kind>\"", Arity = ArgumentArity.OneOrMore };
        return Verb("pin", "Make runs the evidence that README cites: results/<kind>, charts and all evidence blocks. Example: pin latest", [names], (parsed, output) =>
        {
            foreach (var run in parsed.GetRequiredValue(names).Select(r => RunStore.Resolve(lazy.Value.Root, r).Run).ToList())
            {
                Publication.Pin(lazy.Value, run);
                output.Write($"pinned {run.Manifest.Id} as results/{run.Manifest.Kind}\n");
            }

            var publication = new Publication(lazy.Value);
            publication.RenderAll();
            foreach (var problem in publication.Problems) parsed.InvocationConfiguration.Error.Write($"warning: {problem.Where}: {problem.Message}\n");
            return ExitCode.Pass;
        });
    }

    public static Command Merge(Lazy<Portfolio> lazy)
    {
        var names = new Argument<string[]>("RUN") { Description = "the shards of one run", Arity = ArgumentArity.OneOrMore };
        return Verb("merge", "Join the shards of a run. Example: merge runs/*.shard-*", [names], (parsed, output) =>
        {
            var merged = RunStore.Merge(lazy.Value.Root, [.. parsed.GetRequiredValue(names).Select(r => RunStore.Resolve(lazy.Value.Root, r).Run)], lazy.Value.Measure);
            output.Write($"merged {merged.Cases.Count} cases into runs/{merged.Manifest.Id}; next: pin latest\n");
            return ExitCode.Pass;
        });
    }

    public static Command Compare(Lazy<Portfolio> lazy)
    {
        var (a, b) = (new Argument<string>("A") { Description = "the baseline, RUN[:variant]" }, new Argument<string>("B") { Description = "the candidate, RUN[:variant]" });
        var metrics = new Option<string[]>("--metric") { Description = "only this metric (may be repeated)" };
        var slices = new Option<string[]>("--slice") { Description = "also by this tag (may be repeated)" };
        var format = FormatOption();
        return Verb("compare", "Compare B with A, case by case. Example: compare results/main:bm25 latest:hybrid", [a, b, metrics, slices, format], (parsed, output) =>
        {
            var portfolio = lazy.Value;
            var (before, after) = (RunStore.Resolve(portfolio.Root, parsed.GetRequiredValue(a)), RunStore.Resolve(portfolio.Root, parsed.GetRequiredValue(b)));
            var chosen = parsed.GetValue(metrics) is { Length: > 0 } names ? names.Select(n => portfolio.Metric(n, "--metric")).ToList() : portfolio.Metrics;
            var pairs = Pairs(before, after).Select(p => new ComparedPair($"{before.Run.Manifest.Id}:{p.A.Variant}", $"{after.Run.Manifest.Id}:{p.B.Variant}",
                PairedComparison.Compare(p.A.Cases, p.B.Cases, chosen, before.Run.Manifest.Seed, portfolio.Scope, parsed.GetValue(slices)))).ToArray();
            if (parsed.GetValue(format) == "json") output.Write(RunJson.Page(pairs));
            else foreach (var pair in pairs)
            {
                output.Write($"A = {pair.Baseline}\nB = {pair.Candidate}\ndifference = B against A in the good direction, with its 95 % interval; paired by case\n\n");
                Screen.WriteTable(output, ["metric", "A", "B", "difference", "interval", "p", "Holm p", "detectable", "n", "clusters", "unpaired", "verdict"], pair.Comparisons.Select(Row));
                output.Write("\n");
            }

            return ExitCode.Pass;
        });
    }

    public static Command Check(Lazy<Portfolio> lazy)
    {
        var format = FormatOption();
        return Verb("check", "Recompute everything claimed: metrics, charts, blocks, data, decisions, gates. Example: check --format json", [format], (parsed, output) =>
        {
            var (rows, strict) = Checks.All(lazy.Value);
            if (parsed.GetValue(format) == "json") output.Write(RunJson.Page(rows.ToArray()));
            else Screen.WriteTable(output, ["check", "result", "detail"], rows.Select(r => new[] { r.Check, r.Result, r.Detail }));
            if (Checks.Code(rows) != ExitCode.Inconclusive || strict || Environment.GetEnvironmentVariable("CI") is null or "" or "false") return Checks.Code(rows);
            parsed.InvocationConfiguration.Error.Write($"warning: a gate is inconclusive; `strict: true` in {Gate.ConfigFile} makes CI fail on it\n");
            return ExitCode.Pass;
        });
    }

    private static Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, TextWriter, ExitCode> run)
    {
        var command = new Command(name, description);
        foreach (var argument in symbols.OfType<Argument>()) command.Add(argument);
        foreach (var option in symbols.OfType<Option>()) command.Add(option);
        command.SetAction(parsed => (int)run(parsed, parsed.InvocationConfiguration.Output));
        return command;
    }

    /// <summary>One pair when a variant is named (the other side's is the same unless named too), else every variant that both runs have.</summary>
    private static IReadOnlyList<(Operand A, Operand B)> Pairs(Operand a, Operand b) =>
        (a.Variant ?? b.Variant) is { } either ? [(a.Of(a.Variant ?? either), b.Of(b.Variant ?? either))]
        : a.Run.Variants.Intersect(b.Run.Variants).Select(v => (a.Of(v), b.Of(v))).ToList() is { Count: > 0 } shared ? shared
        : throw new UserError("the runs share no variant", a.Run.Manifest.Id, fix: "Name them: compare RUN:variant RUN:variant");

    private static string[] Row(Comparison c) => [c.Slice is null ? c.Metric : $"{c.Metric} {c.Slice}", Format.Number(c.Baseline), Format.Number(c.Candidate),
        Format.Signed(c.Difference), Format.Bounds(c.Interval.Low, c.Interval.High), Format.P(c.P), Format.P(c.AdjustedP), Format.Number(c.MinimumDetectable),
        $"{c.N}", $"{c.Clusters}", $"{c.Unpaired}", Format.Name(c.Verdict)];
}

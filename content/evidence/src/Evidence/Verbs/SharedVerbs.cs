using System.CommandLine;
using System.Text.Json.Nodes;

namespace PortfolioProject.Evidence;

/// <summary>The verbs that every repository shares; all are pure functions of runs and of the files beside them.</summary>
public static class SharedVerbs
{
    /// <summary>--format table|json, for every verb that prints results.</summary>
    public static Option<string> FormatOption()
    {
        var option = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }

    public static Command Pin(Portfolio portfolio)
    {
        var run = new Argument<string>("RUN") { Description = "a run's folder, id or its beginning, or \"latest\"" };
        var command = new Command("pin", "Make a run the evidence that README cites: results/<kind>, charts and all evidence blocks. Example: pin latest") { run };
        command.SetAction(parsed =>
        {
            var chosen = RunStore.Resolve(portfolio.Root, parsed.GetRequiredValue(run)).Run;
            foreach (var problem in Publication.Pin(portfolio, chosen))
                parsed.InvocationConfiguration.Error.WriteLine("warning: " + problem.Message);
            parsed.InvocationConfiguration.Output.Write($"pinned {chosen.Manifest.Id} as results/{chosen.Manifest.Kind}; next: check\n");
        });
        return command;
    }

    public static Command Merge(Portfolio portfolio)
    {
        var runs = new Argument<string[]>("RUN") { Description = "the shards of one run", Arity = ArgumentArity.OneOrMore };
        var command = new Command("merge", "Join the shards of a run. Example: merge runs/*.shard-*") { runs };
        command.SetAction(parsed =>
        {
            var shards = parsed.GetRequiredValue(runs).Select(r => RunStore.Resolve(portfolio.Root, r).Run).ToList();
            var merged = RunStore.Merge(portfolio.Root, shards, portfolio.Measure);
            parsed.InvocationConfiguration.Output.Write($"merged {shards.Count} shards, {merged.Cases.Count} cases, into runs/{merged.Manifest.Id}; next: pin latest\n");
        });
        return command;
    }

    public static Command Compare(Portfolio portfolio)
    {
        var a = new Argument<string>("A") { Description = "the baseline: RUN[:variant]" };
        var b = new Argument<string>("B") { Description = "the candidate: RUN[:variant]" };
        var metrics = new Option<string[]>("--metric") { Description = "only these metrics (may be repeated)" };
        var slices = new Option<string[]>("--slice") { Description = "also by this tag (may be repeated)" };
        var format = FormatOption();
        var command = new Command("compare", "Compare B with A, case by case. Example: compare results/main:bm25 latest:hybrid") { a, b, metrics, slices, format };
        command.SetAction(parsed =>
        {
            var (baseline, candidate) = (RunStore.Resolve(portfolio.Root, parsed.GetRequiredValue(a)), RunStore.Resolve(portfolio.Root, parsed.GetRequiredValue(b)));
            var chosen = parsed.GetValue(metrics) is { Length: > 0 } names ? names.Select(n => portfolio.Metric(n, "--metric")).ToList() : portfolio.Metrics;
            var pairs = Pairs(baseline, candidate).Select(p => (p.Before, p.After, Comparisons: PairedComparison.Compare((baseline with { Variant = p.Before }).Cases,
                (candidate with { Variant = p.After }).Cases, chosen, baseline.Run.Manifest.Seed, portfolio.Scope, parsed.GetValue(slices)))).ToList();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(format) == "json")
                output.Write(RunJson.Page<JsonNode>(new JsonArray([.. pairs.Select(p => new JsonObject
                {
                    ["baseline"] = p.Before,
                    ["candidate"] = p.After,
                    ["comparisons"] = RunJson.Node(p.Comparisons.ToArray()),
                })])));
            else
                foreach (var (before, after, comparisons) in pairs)
                {
                    output.Write($"A = {baseline.Run.Manifest.Id}:{before}\nB = {candidate.Run.Manifest.Id}:{after}\nB - A in the good direction, with a 95 % interval; paired by case\n\n");
                    Screen.WriteTable(output, ["metric", "A", "B", "difference", "interval", "p", "Holm p", "detectable", "n", "clusters", "unpaired", "verdict"], comparisons.Select(Row));
                    output.Write("\n");
                }
        });
        return command;
    }

    /// <summary>Recomputes everything that is claimed; --format json prints the same rows.</summary>
    public static Command Check(Portfolio portfolio)
    {
        var format = FormatOption();
        var command = new Command("check", "Recompute everything claimed: metrics, charts, blocks, data, decisions, gates. Example: check --format json") { format };
        command.SetAction(parsed =>
        {
            var (rows, strict) = Checks.Run(portfolio);
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(format) == "json")
                output.Write(RunJson.Page(rows.ToArray()));
            else
                Screen.WriteTable(output, ["check", "result", "detail"], rows.Select(r => new[] { r.Check, r.Result, r.Detail }));
            var code = Checks.Code(rows);
            if (code != ExitCode.Inconclusive || strict || Environment.GetEnvironmentVariable("CI") is null or "" or "false")
                return (int)code;
            error.WriteLine("warning: a gate is inconclusive; `strict: true` in configs/gates.yaml makes CI fail on it");
            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static IEnumerable<(string Before, string After)> Pairs(Operand a, Operand b)
    {
        if (a.Variant is not null || b.Variant is not null)
            return [(a.Variant ?? Shared(a, b.Variant!), b.Variant ?? Shared(b, a.Variant!))];
        var shared = a.Run.Variants.Intersect(b.Run.Variants).ToList();
        return shared.Count > 0 ? shared.Select(v => (v, v))
            : throw new UserError("the runs share no variant", a.Run.Manifest.Id, fix: "Name them: compare RUN:variant RUN:variant");
    }

    private static string Shared(Operand operand, string variant) => operand.Run.Variants.Contains(variant) ? variant
        : throw new UserError($"the run has no variant {UserError.Quote(variant)}", operand.Run.Manifest.Id, fix: ClosestName.Suggest(variant, operand.Run.Variants));

    private static string[] Row(Comparison c) => [c.Slice is null ? c.Metric : $"{c.Metric} {c.Slice}", Format.Number(c.Baseline), Format.Number(c.Candidate),
        Format.Signed(c.Difference), Format.Bounds(c.Interval.Low, c.Interval.High), Format.P(c.P), Format.P(c.AdjustedP), Format.Number(c.MinimumDetectable),
        $"{c.N}", $"{c.Clusters}", $"{c.Unpaired}", Format.Name(c.Verdict)];
}

namespace PortfolioProject.Modeling;

/// <summary>
/// Cross-validates every variant: each row is predicted once a variant, by a model that saw neither it nor, under blocked folds, its group. One case is one
/// held-out row; clusters are groups. Fits run in parallel, each on a thread of its own, and none depends on another.
/// </summary>
public static class EvidenceRun
{
    public const string Kind = "main";

    /// <param name="resume">Goes on with the newest unfinished run of this configuration; folds that are whole are not fitted again.</param>
    /// <param name="progress">Told what is being done and which share of it is finished.</param>
    public static Run Execute(string root, TrainingConfig config, Table table, IModelEngine engine, string kind, string command, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        var manifest = Provenance.Describe(root, kind, command, config, config.Seed, [config.Data.Path]);
        using var writer = (resume ? RunWriter.Resume(root, manifest.ConfigHash, null, manifest.Data) : null) ?? RunWriter.Start(root, manifest);
        var work = (
            from variant in config.Variants
            from fold in Splits.Folds(table, variant.Value.Split, config.Folds, config.Seed)
            let left = fold.Where(row => !writer.Done.Contains((variant.Key, CaseName(table, row)))).ToList()
            where left.Count > 0
            select (Name: variant.Key, Variant: variant.Value, Fold: fold, Left: left)).ToList();
        var (finished, wall, threads) = (0, Stopwatch.StartNew(), config.Threads == 0 ? Environment.ProcessorCount : config.Threads);
        progress($"fitting {work.Count} models", 0);
        Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, item =>
        {
            var (train, validation) = Splits.Part(table, [.. Enumerable.Range(0, table.Count).Except(item.Fold)], item.Variant.Split, config.Fit.Validation, config.Seed);
            var model = ModelFitting.Fit(table, train, validation, item.Variant, config, engine, cancel);
            foreach (var row in item.Left)
            {
                var start = Stopwatch.GetTimestamp();
                var probabilities = model.Predict(table.Row(row));
                var milliseconds = new Dictionary<string, double> { ["model"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 4) };
                var record = Grade(table, row, item.Name, probabilities);
                writer.Add(record, config.Candidates.Contains(item.Name) ? new TimingRecord { Case = record.Case, Variant = record.Variant, Milliseconds = milliseconds } : null);
            }

            progress($"fitting {work.Count} models", (double)Interlocked.Increment(ref finished) / work.Count);
        });
        progress("computing intervals", 1);
        return writer.Finish(run => writer.Manifest with
        {
            Facts = JsonSerializer.SerializeToNode(new
            {
                rows = table.Count,
                features = table.Features.Count,
                classes = table.Classes.Count,
                groups = table.Groups.Distinct().Count(),
                groupedBy = table.GroupedBy,
                chosen = Choose(run, config.Candidates).Chosen,
            })!.AsObject(),
            Resources = new JsonObject { ["fits"] = work.Count, ["seconds"] = Math.Round(wall.Elapsed.TotalSeconds, 1), ["threads"] = threads },
        }, ServingPortfolio.Measure);
    }

    /// <summary>The one candidate to ship: the first stays unless a later one is better on accuracy under blocked folds.</summary>
    public static (string Chosen, IReadOnlyList<(string Candidate, string Against, Comparison Effect)> Steps) Choose(Run run, IReadOnlyList<string> candidates)
    {
        var (chosen, steps) = (candidates[0], new List<(string, string, Comparison)>());
        foreach (var next in candidates.Skip(1).Where(run.Variants.Contains))
        {
            var effect = Compare(run, chosen, next);
            steps.Add((next, chosen, effect));
            if (effect.Verdict == Verdict.Better) chosen = next;
        }

        return (chosen, steps);
    }

    /// <summary>The accuracy of one variant against another's, paired by row.</summary>
    internal static Comparison Compare(Run run, string baseline, string candidate) =>
        PairedComparison.Compare(new Operand(run, baseline).Cases, new Operand(run, candidate).Cases, [ServingPortfolio.Accuracy], run.Manifest.Seed)[0];

    private static CaseRecord Grade(Table table, int row, string variant, float[] probabilities)
    {
        var (label, best) = (table.Labels[row], Bundle.Likeliest(probabilities));
        return new CaseRecord
        {
            Case = CaseName(table, row),
            Variant = variant,
            Cluster = table.Groups[row],
            Outcome = best == label ? "correct" : "wrong",
            Tags = new Dictionary<string, string> { ["label"] = table.Classes[label] },
            Values = new Dictionary<string, double>
            {
                ["accuracy"] = best == label ? 1 : 0,
                ["log-loss"] = Math.Round(-Math.Log(Math.Max(probabilities[label], ServingPortfolio.SmallestProbability)), 6),
                ["brier"] = Math.Round(probabilities.Index().Sum(p => Math.Pow(p.Item - (p.Index == label ? 1 : 0), 2)), 6),
                ["confidence"] = Math.Round(probabilities[best], 6),
            },
            Detail = new JsonObject { ["predicted"] = table.Classes[best] },
        };
    }

    private static string CaseName(Table table, int row) => "row-" + $"{row}".PadLeft($"{table.Count - 1}".Length, '0');
}

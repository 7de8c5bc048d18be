using System.Diagnostics;

namespace PortfolioProject.Ladder;

/// <summary>
/// One seed: plants the faults, climbs the ladder, and measures every step on the sealed test set with the frozen model. Streams of a seed: 14 random
/// split, 15 folds, 16 random prune, 17 resampling, 18 random review, 19 the sample of a table without planted faults.
/// </summary>
/// <param name="pairs">Near rows of the whole table by their numbers, where nothing is planted: found once for all seeds.</param>
/// <param name="done">Told of every step as it is measured, one at a time.</param>
public sealed class SeedLadder(Table table, RunConfig config, FaultConfig? faults, long seed, Action<CaseRecord, TimingRecord> done,
    IReadOnlyList<(int First, int Second)>? pairs = null, CancellationToken cancel = default)
{
    public const int Rows = 10_000;
    private const double PoolShare = 0.8;
    private readonly Sample[] _all = [.. Enumerable.Range(0, table.Count).Select(i => new Sample(table.Row(i).ToArray(), table.Labels[i], table.Labels[i], table.Rows[i]))];

    private Sample[] Test => [.. _all.Where((_, i) => table.Sealed[i])];

    private Sample[] Pool => [.. _all.Where((_, i) => !table.Sealed[i])];

    private int[] Rare => faults?.Rare.Select(table.ClassOf).ToArray() ?? [table.Labels.CountBy(l => l).MinBy(c => c.Value).Key];

    private ImageRule? Image => table.Contract.Image;

    /// <summary>The steps in order; each is the data of the one named in <see cref="LadderSteps"/> with one thing changed.</summary>
    public void Climb(bool curve)
    {
        var (shuffledTrain, shuffledTest) = RandomSplit();
        Measure("raw", shuffledTrain, test: shuffledTest);
        var received = Receive(Pool, Test);
        Measure("blocked", received);
        var leaks = Near(received, againstTest: true, table.Contract.NearDuplicate);
        var deleaked = Without(received, leaks);
        Measure("de-leaked", deleaked, values: Detect(received, leaks, Fault.Leak));
        var repeats = Near(deleaked, againstTest: false, table.Contract.NearDuplicate);
        var clean = Without(deleaked, repeats);
        Measure("redesigned", clean, values: Detect(deleaked, repeats, Fault.Duplicate), charted: true);

        var joint = Joint(clean, 15);
        var flagged = LabelFilters.Flag(joint, LabelFilter.PruneByNoiseRate).ToHashSet();
        var ranked = LabelScores.Rank(LabelScores.NormalizedMargin(joint));
        var found = Detect(clean, flagged, Fault.Noise);
        if (faults is not null)
        {
            found["average-precision"] = Scoring.AveragePrecision(ranked, i => clean[i].Fault.HasFlag(Fault.Noise));
            found["rare-lost"] = clean.Index().Where(s => s.Item.Given == s.Item.True && Rare.Contains(s.Item.True)).Select(s => flagged.Contains(s.Index) ? 1.0 : 0).DefaultIfEmpty(0).Average();
        }

        var pruned = Without(clean, flagged);
        Measure("pruned", pruned, values: found);
        Measure("random-prune", [.. FaultPlanter.Draw(clean, pruned.Count, new RandomStream(seed, 16))]);
        Measure("relabelled", [.. clean.Select((s, i) => flagged.Contains(i) ? s with { Given = joint.P.Argmax(i) } : s)]);
        Measure("reweighted", pruned, weights: Balance(pruned), charted: Image is null);
        var resampled = Resample(pruned).GroupBy(s => s.Features).Select(copies => (Sample: copies.First(), Count: copies.Count())).ToList();
        Measure("resampled", [.. resampled.Select(s => s.Sample)], values: new() { ["rows"] = resampled.Sum(s => s.Count) }, weights: [.. resampled.Select(s => (double)s.Count)]);
        if (Image is not null)
        {
            Measure("shifted", Resample(pruned, moved: true));
            Measure("oriented", pruned, weights: Balance(pruned), orientations: true, charted: true);
        }

        if (faults is null) return;
        Measure("oracle", [.. clean.Select(s => s with { Given = s.True })]);
        Measure("reviewed", Reviewed(clean, ranked.Take(flagged.Count)));
        var random = Enumerable.Range(0, clean.Count).ToArray();
        new RandomStream(seed, 18).Shuffle<int>(random);
        var budgets = from budget in curve ? config.Budgets.Where(b => b <= clean.Count) : [] from order in new[] { ("ranked", ranked), ("random", random) } select (budget, order);
        Parallel.ForEach(budgets, config.Parallel(cancel), x => Measure(LadderSteps.Budget(x.order.Item1, x.budget), Reviewed(clean, x.order.Item2.Take(x.budget))));
    }

    /// <summary>Noise alone, on a stratified split: every filter and ranking against planted truth, and what pruning by each recovers.</summary>
    public void DetectLabelErrors()
    {
        if (faults is null) return;
        var held = Splits.Stratified(table.Labels, 0.3, new RandomStream(seed, 14));
        var (train, test) = (FaultPlanter.Mislabel([.. _all.Where((_, i) => !held[i])], table, faults, new RandomStream(seed, 11)), _all.Where((_, i) => held[i]).ToList());
        var joint = Joint(train, 15);
        bool Wrong(int i) => train[i].Fault.HasFlag(Fault.Noise);
        Measure("noisy", train, test: test);
        Measure("oracle", [.. train.Select(s => s with { Given = s.True })], test: test);
        foreach (var filter in Enum.GetValues<LabelFilter>())
        {
            var flagged = LabelFilters.Flag(joint, filter).ToHashSet();
            Measure(LadderSteps.Name(filter), Without(train, flagged), test: test, values: Scoring.Detection(flagged, Wrong, train.Count));
            if (filter == LabelFilter.PruneByNoiseRate) Measure("random-prune", [.. FaultPlanter.Draw(train, train.Count - flagged.Count, new RandomStream(seed, 16))], test: test);
        }

        foreach (var (name, score) in LadderSteps.Scores) Add("rank-" + name, new() { ["average-precision"] = Scoring.AveragePrecision(LabelScores.Rank(score(joint)), Wrong) });
        var received = Receive(Pool, Test);
        foreach (var threshold in config.Thresholds)
        {
            var leaks = Near(received, againstTest: true, threshold);
            Add(LadderSteps.At("leaks", threshold), Detect(received, leaks, Fault.Leak));
            var deleaked = received.Where(s => !s.Fault.HasFlag(Fault.Leak)).ToList();
            Add(LadderSteps.At("duplicates", threshold), Detect(deleaked, Near(deleaked, againstTest: false, threshold), Fault.Duplicate));
        }
    }

    private IReadOnlyList<Sample> Receive(IReadOnlyList<Sample> pool, IReadOnlyList<Sample> test) => faults is not null ? FaultPlanter.Plant(pool, test, table, faults, seed)
        : FaultPlanter.Draw(pool, Math.Min(config.TrainingRows ?? Rows, (int)Math.Ceiling(PoolShare * pool.Count)), new RandomStream(seed, 19));

    /// <summary>What is done without a thought for writers: rows by chance, as many in test as are sealed.</summary>
    private (IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Test) RandomSplit()
    {
        var held = Splits.Stratified(table.Labels, (double)Test.Length / _all.Length, new RandomStream(seed, 14));
        var test = _all.Where((_, i) => held[i]).ToList();
        return (Receive([.. _all.Where((_, i) => !held[i])], test), test);
    }

    /// <summary>Training rows nearer to a test row, or to an earlier training row, than the threshold allows. Test features are compared, test labels are not read.</summary>
    private HashSet<int> Near(IReadOnlyList<Sample> train, bool againstTest, double threshold)
    {
        var rows = againstTest ? train.Concat(Test).ToList() : train;
        var near = pairs is not null ? Known(rows) : NearDuplicates.Find(Neighbours.Find(Features(rows).Values, table.Width, Neighbours.Usual, Metric.Euclidean)[0], threshold);
        return againstTest ? [.. near.Where(p => p.First < train.Count && p.Second >= train.Count).Select(p => p.First)] : [.. NearDuplicates.Later(near)];
    }

    private IReadOnlyList<(int First, int Second)> Known(IReadOnlyList<Sample> rows)
    {
        var at = rows.Index().ToDictionary(r => r.Item.Row, r => r.Index);
        return [.. pairs!.Where(p => at.ContainsKey(p.First) && at.ContainsKey(p.Second)).Select(p => (Math.Min(at[p.First], at[p.Second]), Math.Max(at[p.First], at[p.Second])))];
    }

    private ConfidentJoint Joint(IReadOnlyList<Sample> rows, int stream)
    {
        var labels = rows.Select(s => s.Given).ToArray();
        return ConfidentJoint.Estimate(labels, TableAudit.Predict(Features(rows), labels, table.Classes.Count, config.Model.Options, new RandomStream(seed, stream)).P);
    }

    private Dictionary<string, double> Detect(IReadOnlyList<Sample> rows, IReadOnlyCollection<int> flagged, Fault fault) =>
        faults is null ? new() { ["flagged"] = flagged.Count } : Scoring.Detection(flagged, i => rows[i].Fault.HasFlag(fault), rows.Count);

    private static IReadOnlyList<Sample> Without(IReadOnlyList<Sample> rows, IReadOnlySet<int> dropped) => [.. rows.Where((_, i) => !dropped.Contains(i))];

    private static IReadOnlyList<Sample> Reviewed(IReadOnlyList<Sample> rows, IEnumerable<int> seen) => seen.ToHashSet() is var set ? [.. rows.Select((s, i) => set.Contains(i) ? s with { Given = s.True } : s)] : [];

    private static double[] Balance(IReadOnlyList<Sample> rows) => rows.CountBy(s => s.Given).ToDictionary() is var counts ? [.. rows.Select(s => rows.Count / (double)(counts.Count * counts[s.Given]))] : [];

    /// <summary>Rows of the smaller classes drawn again until every class is as large as the largest; as they are, or moved by one pixel in a random direction.</summary>
    private IReadOnlyList<Sample> Resample(IReadOnlyList<Sample> rows, bool moved = false)
    {
        (int, int)[] ways = [(1, 0), (-1, 0), (0, 1), (0, -1)];

        var (stream, classes) = (new RandomStream(seed, 17), rows.GroupBy(s => s.Given).OrderBy(g => g.Key).Select(g => g.ToList()).ToList());
        return [.. classes.SelectMany(c => c.Concat(Enumerable.Range(0, classes.Max(o => o.Count) - c.Count).Select(_ => Copy(c[stream.Below(c.Count)]))))];

        Sample Copy(Sample s) => moved && ways[stream.Below(ways.Length)] is var (right, down) ? s with { Features = Images.Shift(s.Features, Image!, right, down) } : s;
    }

    private Matrix Features(IReadOnlyList<Sample> rows, bool orientations = false)
    {
        if (!orientations) return new(rows.Count, table.Width, table.Scaled([.. rows.SelectMany(s => s.Features)]));
        return new(rows.Count, table.Width + Images.Width, [.. rows.SelectMany(s => table.Scaled(s.Features).Concat(Images.GradientOrientations(s.Features, Image!)))]);
    }

    private void Measure(string step, IReadOnlyList<Sample> train, IReadOnlyList<Sample>? test = null, Dictionary<string, double>? values = null, double[]? weights = null, bool orientations = false, bool charted = false)
    {
        cancel.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var held = test ?? Test;
        var model = SoftmaxRegression.Fit(Features(train, orientations), [.. train.Select(s => s.Given)], table.Classes.Count, config.Model.Options, weights);
        var (p, labels) = (model.Probabilities(Features(held, orientations)), held.Select(s => s.True).ToArray());
        foreach (var (name, value) in Scoring.Score(p, labels, Rare)) (values ??= [])[name] = value;
        values!.TryAdd("rows", train.Count);
        Add(step, values, charted ? new JsonObject
        {
            ["confusion"] = new JsonArray([.. Scoring.Confusion(p, labels).Select(r => new JsonArray([.. r.Select(c => JsonValue.Create(c))]))]),
            ["reliability"] = new JsonArray([.. Scoring.Reliability(p, labels).Select(b => new JsonArray(b.Rows, b.Right, b.Confidence))]),
            ["worst"] = Worst(p, held),
        } : null, clock.Elapsed.TotalMilliseconds);
    }

    private JsonObject? Worst(Matrix p, IReadOnlyList<Sample> test)
    {
        var i = Enumerable.Range(0, test.Count).Where(r => Probabilities.Largest(p.Row(r)) != test[r].True).OrderByDescending(r => p[r, Probabilities.Largest(p.Row(r))]).FirstOrDefault(-1);
        return i < 0 ? null : new JsonObject { ["row"] = test[i].Row, ["actual"] = table.Classes[test[i].True], ["predicted"] = table.Classes[Probabilities.Largest(p.Row(i))], ["probability"] = p[i, Probabilities.Largest(p.Row(i))] };
    }

    private void Add(string step, Dictionary<string, double> values, JsonObject? detail = null, double milliseconds = 0)
    {
        (detail ??= [])["model"] = config.ModelHash;
        var name = $"seed-{seed}";
        lock (_all) done(new CaseRecord { Case = name, Variant = step, Cluster = name, Outcome = "measured", Values = values, Detail = detail },
            new TimingRecord { Case = name, Variant = step, Milliseconds = new Dictionary<string, double> { ["fit and score"] = milliseconds } });
    }
}

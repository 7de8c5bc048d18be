namespace PortfolioProject.Ladder;

/// <summary>A part of the seeds: every <paramref name="Count"/>-th, beginning with number <paramref name="Index"/> (from 1).</summary>
public sealed record Shard(int Index, int Count)
{
    public bool Holds(int position) => position % Count == Index - 1;

    public override string ToString() => $"{Index}/{Count}";

    public static Shard Parse(string text) => text.Split('/') is [var i, var n] && int.TryParse(i, out var index) && int.TryParse(n, out var count) && index >= 1 && index <= count
        ? new Shard(index, count) : throw new UserError("not a shard", field: "--shard", expected: "i/n with 1 ≤ i ≤ n, for example 1/4", got: text);
}

/// <summary>Runs seeds side by side and writes each step as it is measured. Kinds: main (the ladder), hard (more faults), detection (finders against planted truth).</summary>
public sealed class LadderRun(string root, RunConfig config, Table table)
{
    public const string Main = "main", Hard = "hard", Detection = "detection";
    private const int RowsShown = 12;

    public Run Execute(string kind, string command, Shard? shard, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        var manifest = Provenance.Describe(root, kind, command, new { Kind = kind, Inputs = new { Run = config with { Threads = 0 }, table.Contract } }, config.Seed,
            [Table.Find(root, config.Data.Path), .. config.Data.Patches.Select(p => Table.Find(root, p))], shard?.ToString());
        using var writer = (resume ? RunWriter.Resume(root, manifest.ConfigHash, manifest.Shard, manifest.Data) : null) ?? RunWriter.Start(root, manifest);
        var (seeds, finished) = (Enumerable.Range(0, config.Seeds).Where(i => shard?.Holds(i) ?? true).ToList(), 0);
        var faults = kind == Hard ? config.Planted! with { RareShare = config.Hard.RareShare, Noise = config.Hard.Noise } : config.Planted;
        var graphs = faults is null ? TableAudit.Graphs(table) : null;
        var pairs = graphs is null ? null : NearDuplicates.Find(graphs[0], table.Contract.NearDuplicate).Select(p => (table.Rows[p.First], table.Rows[p.Second])).ToList();
        Parallel.ForEach(seeds, config.Parallel(cancel), i =>
        {
            var ladder = new SeedLadder(table, config, faults, config.Seed + i, (record, timing) =>
            {
                if (!writer.Done.Contains((record.Variant, record.Case))) writer.Add(record, timing);
            }, pairs, cancel);
            if (kind == Detection) ladder.DetectLabelErrors();
            else ladder.Climb(curve: kind == Main);
            progress($"{kind}: climbing the ladder, seed by seed", (double)Interlocked.Increment(ref finished) / seeds.Count);
        });
        progress("auditing the data as they stand", 1);
        return writer.Finish(_ => writer.Manifest with { Facts = Facts(kind == Main ? Audit(table, config, graphs).Audit.Json(RowsShown) : null) }, DataPortfolio.Measure);
    }

    /// <summary>Every finder on the table as it stands, and the rows that held-out models would label otherwise, the most doubtful first.</summary>
    public static (TableAudit Audit, ConfidentJoint Joint, IReadOnlyList<int> Doubted) Audit(Table table, RunConfig config, NeighbourGraph[]? graphs = null)
    {
        var x = new Matrix(table.Count, table.Width, table.Scaled(table.Values));
        var joint = ConfidentJoint.Estimate(table.Labels, TableAudit.Predict(x, table.Labels, table.Classes.Count, config.Model.Options, new RandomStream(config.Seed, 15)).P);
        var flagged = LabelFilters.Flag(joint, LabelFilter.PruneByNoiseRate).ToHashSet();
        var doubted = LabelScores.Rank(LabelScores.NormalizedMargin(joint)).Where(i => joint.P.Argmax(i) != table.Labels[i]).ToList();
        return (TableAudit.Run(table, [.. doubted.Where(flagged.Contains)], [.. table.Labels.Select((y, i) => joint.P.Argmax(i) == y)], config.Seed, graphs ?? TableAudit.Graphs(table)), joint, doubted);
    }

    private JsonObject Facts(JsonObject? audit) => new()
    {
        ["dataset"] = new JsonObject { ["path"] = config.Data.Path, ["version"] = table.Version, ["rows"] = table.Count, ["features"] = table.Width, ["classes"] = table.Classes.Count, ["sealed"] = table.Sealed.Count(s => s), ["planted"] = config.Planted is not null },
        ["classes"] = new JsonArray([.. table.Classes.Select(c => JsonValue.Create(c))]),
        ["model"] = config.ModelHash,
        ["audit"] = audit,
    };
}

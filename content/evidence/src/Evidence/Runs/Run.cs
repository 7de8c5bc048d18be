namespace PortfolioProject.Evidence;

/// <summary>A run as read from its folder: cases and timings sorted by (variant, case), ordinal.</summary>
public sealed record Run(string Folder, RunManifest Manifest, IReadOnlyList<CaseRecord> Cases, IReadOnlyList<TimingRecord> Timings)
{
    internal const string ManifestFile = "run.json", CasesFile = "cases.jsonl", TimingsFile = "timings.jsonl", MetricsFile = "metrics.json", LatencyFile = "latency.json";

    /// <summary>The order of records in every file of a run: by variant, then case, ordinal.</summary>
    internal static readonly Comparer<(string Variant, string Case)> Order = Comparer<(string Variant, string Case)>.Create((a, b) =>
        string.CompareOrdinal(a.Variant, b.Variant) is not 0 and var byVariant ? byVariant : string.CompareOrdinal(a.Case, b.Case));

    /// <summary>Variants, ordinal.</summary>
    public IReadOnlyList<string> Variants => [.. Cases.Select(c => c.Variant).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Reads a run. In an unfinished one a torn last line is dropped. Cases decide: timings without a finished case are dropped, the last of
    /// several under one key stands. A broken record or a duplicate case is a <see cref="UserError"/> with file and line.
    /// </summary>
    public static Run Load(string folder)
    {
        var manifest = LoadManifest(folder) ?? throw new UserError("not a run: it holds no " + ManifestFile, folder, fix: "Runs are folders under runs/ and results/");
        var cases = new SortedDictionary<(string Variant, string Case), CaseRecord>(Order);
        foreach (var (record, line) in Lines<CaseRecord>(Path.Combine(folder, CasesFile), manifest.Complete))
            if (!cases.TryAdd((record.Variant, record.Case), record))
                throw new UserError("duplicate case", Path.Combine(folder, CasesFile), line, got: $"{record.Variant} / {record.Case} a second time");
        var timings = new SortedDictionary<(string Variant, string Case), TimingRecord>(Order);
        foreach (var (record, _) in Lines<TimingRecord>(Path.Combine(folder, TimingsFile), manifest.Complete))
            if (cases.ContainsKey((record.Variant, record.Case))) timings[(record.Variant, record.Case)] = record;
        return new Run(folder, manifest, [.. cases.Values], [.. timings.Values]);
    }

    /// <summary>Whether cases.jsonl is byte for byte what the run wrote when it ended.</summary>
    internal bool HoldsWhatWasWritten => Manifest.CasesSha256 == TextFile.Sha256OfFile(Path.Combine(Folder, CasesFile));

    /// <summary>The metrics written when the run ended.</summary>
    public MetricTable LoadMetrics() => RunJson.Read<MetricTable>(Path.Combine(Folder, MetricsFile));

    /// <summary>Writes every file of a finished run; run.json, which says that it is complete, comes last.</summary>
    internal Run Write(MetricTable? metrics)
    {
        void Page(string name, string text) => TextFile.Write(Path.Combine(Folder, name), text);
        var cases = string.Concat(Cases.Select(c => RunJson.Line(c) + "\n"));
        var written = this with { Manifest = Manifest with { CasesSha256 = TextFile.Sha256(cases) } };
        Page(CasesFile, cases);
        Page(TimingsFile, string.Concat(Timings.Select(t => RunJson.Line(t) + "\n")));
        Page(LatencyFile, RunJson.Page(LatencyTable.Measure(Timings)));
        if (metrics is not null) Page(MetricsFile, RunJson.Page(metrics));
        Page(ManifestFile, RunJson.Page(written.Manifest));
        return written;
    }

    internal static RunManifest? LoadManifest(string folder) =>
        File.Exists(Path.Combine(folder, ManifestFile)) ? RunJson.Read<RunManifest>(Path.Combine(folder, ManifestFile)) : null;

    private static IEnumerable<(T Record, int Line)> Lines<T>(string file, bool whole)
    {
        if (!whole && !File.Exists(file)) yield break;
        var lines = (whole ? TextFile.Read(file) : Encoding.UTF8.GetString(File.ReadAllBytes(file))).Split('\n');
        for (var i = 0; i < lines.Length - 1; i++) yield return (RunJson.Parse<T>(lines[i], file, i + 1), i + 1);
        if (whole && lines[^1].Length > 0) throw new UserError("the last line is torn", file, lines.Length, got: UserError.Quote(lines[^1]));
    }
}

using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PortfolioProject.Replication;

/// <summary>Runs an experiment into runs/, or finds that it has been run: same configuration, data and code give the same bytes, so they are not computed twice.</summary>
public static class ExperimentRun
{
    public sealed record Options(string Command, Shard? Shard = null, bool Resume = false, bool Force = false, int Threads = 0);

    /// <summary>The run, and whether it was there already. A run that fails keeps what is finished; one that finished nothing leaves no folder.</summary>
    public static (Run Run, bool Cached) Execute(string root, IExperiment experiment, Options options, Func<Run, MetricTable> measure, Action<string, double> progress, CancellationToken cancel)
    {
        var manifest = Provenance.Describe(root, experiment.Kind, options.Command, experiment.Configuration, 0, experiment.DataFiles, options.Shard?.ToString()) with
        {
            Facts = new JsonObject { ["architecture"] = $"{RuntimeInformation.ProcessArchitecture}", ["code"] = CodeHash(experiment) },
        };
        if (experiment.Platform is { } platform) manifest.Facts!["platform"] = platform;
        if (!options.Force && options.Shard is null && RunStore.NewestComplete(root, experiment.Kind, m => SameWork(m, manifest)) is { } known) return (known, true);
        var plan = experiment.Plan(root).Where(u => options.Shard?.Holds(u.Seed) ?? true).ToList();
        progress("self-checks", 0);
        experiment.SelfCheck();
        var writer = Open(root, manifest, options.Resume);
        var empty = writer.Done.Count == 0;
        try
        {
            var (finished, clock, busy) = (0, Stopwatch.StartNew(), 0.0);
            ForEach([.. plan.Where(u => u.Keys.Any(k => !writer.Done.Contains(k)))], options.Threads, cancel, unit =>
            {
                var start = Stopwatch.GetTimestamp();
                var records = unit.Compute();
                var spent = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                var timed = new TimingRecord { Case = records[0].Case, Variant = records[0].Variant, Milliseconds = new Dictionary<string, double> { ["unit of work"] = Math.Round(spent, 1) } };
                empty = false;
                foreach (var (i, record) in records.Index().Where(r => !writer.Done.Contains((r.Item.Variant, r.Item.Case)))) writer.Add(record, i == 0 ? timed : null);
                lock (plan) busy += spent;
                progress($"{experiment.Kind}: units of work", (double)Interlocked.Increment(ref finished) / plan.Count);
            });
            empty = false;
            var resources = new JsonObject
            {
                ["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 2),
                ["core_seconds"] = Math.Round(busy / 1000, 2),
                ["peak_megabytes"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
                ["units"] = plan.Count,
            };
            return (writer.Finish(_ => writer.Manifest with { Resources = resources }, measure), false);
        }
        finally
        {
            writer.Dispose();
            if (empty) Directory.Delete(writer.Folder, recursive: true);
        }
    }

    /// <summary>All records of an experiment, in the order of a run's files, without writing anything.</summary>
    public static IReadOnlyList<CaseRecord> Compute(string root, IExperiment experiment, Action<string, double> progress, CancellationToken cancel)
    {
        experiment.SelfCheck();
        var (plan, finished) = (experiment.Plan(root), 0);
        var records = new CaseRecord[plan.Count][];
        ForEach([.. plan.Index()], 0, cancel, unit =>
        {
            records[unit.Index] = [.. unit.Item.Compute()];
            progress($"{experiment.Kind}: recomputing", (double)Interlocked.Increment(ref finished) / plan.Count);
        });
        return [.. records.SelectMany(r => r).OrderBy(r => r.Variant, StringComparer.Ordinal).ThenBy(r => r.Case, StringComparer.Ordinal)];
    }

    private static RunWriter Open(string root, RunManifest manifest, bool resume)
    {
        try { return (resume ? RunWriter.Resume(root, manifest.ConfigHash, manifest.Shard, manifest.Data) : null) ?? RunWriter.Start(root, manifest); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UserError("cannot write a run", Path.Combine(root, "runs"), got: e.Message.TrimEnd('.'), fix: "Make the folder writable, or free its place"); }
    }

    private static bool SameWork(RunManifest done, RunManifest asked) =>
        done.ConfigHash == asked.ConfigHash && done.Data.SequenceEqual(asked.Data) && JsonNode.DeepEquals(done.Facts, asked.Facts);

    /// <summary>The versions of the assemblies that compute: a build of other source has another.</summary>
    private static string CodeHash(IExperiment experiment)
    {
        var own = experiment.GetType().Assembly;
        var all = own.GetReferencedAssemblies().Where(a => a.Name!.StartsWith(typeof(IExperiment).Namespace!.Split('.')[0], StringComparison.Ordinal)).Select(Assembly.Load).Append(own);
        return TextFile.Sha256(string.Join('\n', all.Select(a => $"{a.ManifestModule.ModuleVersionId}").Order(StringComparer.Ordinal)))[..16];
    }

    private static void ForEach<T>(IReadOnlyList<T> items, int threads, CancellationToken cancel, Action<T> act)
    {
        try { Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads, CancellationToken = cancel }, act); }
        catch (AggregateException e) when (e.InnerExceptions.OfType<UserError>().FirstOrDefault() is { } known) { throw known; }
    }
}

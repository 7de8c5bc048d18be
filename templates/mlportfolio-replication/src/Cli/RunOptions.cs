namespace PortfolioProject.Cli;

/// <summary>How an experiment is run, shared by the verbs that run one.</summary>
internal sealed class RunOptions
{
    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set seeds=[0,1]. May be given more than once.", AllowMultipleArgumentsPerToken = false };
    public Option<string?> Shard { get; } = new("--shard") { Description = "Only a part of the seeds, for example 1/4; `merge` joins the parts." };
    public Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished run of this configuration: nothing finished is lost or done again." };
    public Option<bool> Force { get; } = new("--force") { Description = "Computes again what a complete run of the same configuration, data and code already holds." };
    public Option<int> Threads { get; } = new("--threads") { Description = "Threads; 0 for one a core. Results do not depend on it." };
    public Option<string> Format { get; } = SharedVerbs.FormatOption();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Set, Shard, Resume, Force, Threads, Format }) command.Add(option);
    }

    /// <summary>Runs the experiment of a file and writes its figures and tables beside its records.</summary>
    public Run Execute(ParseResult parsed, string root, Study study, string file, string verb, bool overridden, Action<string, double> progress, CancellationToken cancel)
    {
        var changes = overridden ? parsed.GetValue(Set) ?? [] : [];
        var experiment = study.Load(TextFile.Read(Path.Combine(root, file), "Name a configuration of this repository"), file, changes);
        var shard = parsed.GetValue(Shard) is { } text ? Replication.Shard.Parse(text) : null;
        var threads = parsed.GetValue(Threads);
        if (threads is < 0 or > 1024) throw new UserError("wrong value", field: "--threads", expected: "0 to 1024", got: $"{threads}");
        var command = string.Join(' ', new[] { verb }.Concat(changes.Select(c => $"--set {c}")).Concat(shard is null ? [] : [$"--shard {shard}"]));
        var (run, cached) = ExperimentRun.Execute(root, experiment, new ExperimentRun.Options(command, shard, parsed.GetValue(Resume), parsed.GetValue(Force), threads), LabPortfolio.Measure, progress, cancel);
        if (shard is null) Artefacts.Write(study, run, run.Folder);
        Console.Error.WriteLine($"{experiment.Kind}: {run.Cases.Count} cases in runs/{run.Manifest.Id}{(cached ? ", computed before (--force computes again)" : $", {run.Manifest.Resources?["seconds"]} s")}");
        if (shard is not null) Console.Error.WriteLine($"next, when all shards are there: merge runs/*.shard-*-of-{shard.Count}");
        return run;
    }
}

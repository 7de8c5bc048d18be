namespace PortfolioProject.Cli;

/// <summary>Runs one ablation, or all: configs/ablations/NAME.yaml, each a run of its own kind.</summary>
internal static class AblateVerb
{
    private const string Folder = "configs/ablations";
    private static readonly string[] Shown = ["test-loss", "test-error", "peak-error", "test-accuracy", "train-step", "test-step", "delay"];

    public static Command Create(Lazy<string> root, IReadOnlyList<Study> studies)
    {
        var options = new RunOptions();
        var name = new Argument<string?>("NAME") { Description = "An ablation's name, or \"all\"; none lists them.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("ablate", "Runs an ablation of configs/ablations. Example: ablate bandwidth") { name };
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var known = Names(root.Value);
            if (parsed.GetValue(name) is not { } asked)
            {
                Screen.WriteTable(Console.Out, ["ablation", "asks"], known.Select(n => new[] { n, TextFile.Read(Path.Combine(root.Value, Folder, n + ".yaml")).Split('\n')[0].TrimStart('#', ' ') }));
                return Task.FromResult((int)ExitCode.Pass);
            }

            if (asked != "all" && !known.Contains(asked)) throw new UserError("no such ablation", Folder, field: "NAME", got: UserError.Quote(asked), fix: ClosestName.Suggest(asked, known));
            var runs = Screen.WithProgress(progress => (asked == "all" ? known : [asked]).Select(n =>
                options.Execute(parsed, root.Value, LabPortfolio.StudyOf(studies, n), $"{Folder}/{n}.yaml", "ablate " + n, true, progress, cancel)).ToList());
            foreach (var run in runs.Where(r => r.Manifest.Shard is null)) Print(run, parsed.GetValue(options.Format) == "json");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }

    /// <summary>Means of a run that no claim is judged on by itself.</summary>
    public static void Print(Run run, bool json)
    {
        if (json) Console.Out.Write(TextFile.Read(Path.Combine(run.Folder, "metrics.json")));
        if (json) return;
        Screen.WriteTable(Console.Out, ["variant", "metric", "mean", "95 % interval", "n"], run.LoadMetrics().Rows.Where(r => r.Slice is null && r.Value is not null && Shown.Contains(r.Name)).Select(r =>
            new[] { r.Variant, r.Name, Summary.Figure(r.Value), r.Interval is null ? "" : $"[{Summary.Figure(r.Interval.Low)}, {Summary.Figure(r.Interval.High)}]", $"{r.N}" }));
        Console.Out.WriteLine($"\nmeans over all sizes and noise levels; by cell: {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(run.Folder, "cells.csv"))}, figures beside it\nnext: pin latest/{run.Manifest.Kind}");
    }

    /// <summary>The file of an ablation's kind: "ablation-x" and "x" are both x.yaml.</summary>
    public static string FileOf(string root, string kind) => Names(root).Contains(NameOf(kind)) ? $"{Folder}/{NameOf(kind)}.yaml"
        : throw new UserError("no configuration for this kind of run", ClaimFile.Name, field: "kind", got: UserError.Quote(kind), fix: ClosestName.Suggest(NameOf(kind), Names(root)));

    public static string NameOf(string kind) => kind.StartsWith("ablation-", StringComparison.Ordinal) ? kind["ablation-".Length..] : kind;

    private static IReadOnlyList<string> Names(string root) => [.. Directory.GetFiles(Path.Combine(root, Folder), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];
}

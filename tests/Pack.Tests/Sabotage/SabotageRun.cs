using System.Collections.Concurrent;
using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>
/// Breaks a template's default repository in every way that is listed, each in a copy of its own, and runs what has to notice. Data and text are
/// broken beside the built programs; broken code is compiled, only the project concerned, in a copy that stands where the repository stood.
/// </summary>
internal sealed class SabotageRun
{
    private static readonly ConcurrentDictionary<string, Lazy<SabotageRun>> _runs = new();

    private SabotageRun(Hive hive, string template)
    {
        var built = BuiltRepository.Of(hive, template).Built;
        var sandbox = new Sandbox();
        var pristine = hive.Generate(PackTree.Here.Template(template), sandbox["pristine"], Hive.DefaultName).Folder;
        Control = Ledger.Time(template, "sabotage: none", () => Fresh(sandbox["control"]).Cli("check"));

        var all = Sabotage.Of(template);
        var outcomes = new ConcurrentDictionary<Sabotage, Outcome>();
        Ledger.Time(template, "sabotage of data and text", () =>
        {
            Parallel.ForEach(all.Index().Where(s => s.Item.Probe.Builds.Length == 0), new ParallelOptions { MaxDegreeOfParallelism = 2 }, item =>
                outcomes[item.Item] = Attempt(item.Item, Fresh(sandbox[$"{item.Index}"])));
            return 0;
        });
        var code = all.Where(s => s.Probe.Builds.Length > 0).ToList();
        Ledger.Time(template, "sabotage of code", () => StandIn.Of(built, victim =>
        {
            foreach (var sabotage in code)
            {
                StandIn.Mend(victim, pristine);
                outcomes[sabotage] = Attempt(sabotage, victim);
            }
        }));
        Outcomes = [.. all.Select(s => outcomes[s])];
        if (Control.ExitCode == 0 && Outcomes.All(o => o.IsCaught))
        {
            sandbox.Dispose();
        }
        else
        {
            Ledger.Keep(sandbox.Folder, $"the sabotage of {template} (one folder each, in their order)");
        }

        Victim Fresh(string folder)
        {
            Victim.Copy(pristine, folder);
            return new Victim(built, folder);
        }
    }

    /// <summary>`check` where nothing was broken: it has to pass, or red means nothing.</summary>
    public Finished Control { get; }

    public IReadOnlyList<Outcome> Outcomes { get; }

    public static SabotageRun Of(Hive hive, string template) => _runs.GetOrAdd(template, t => new Lazy<SabotageRun>(() => new SabotageRun(hive, t))).Value;

    /// <summary>A sabotage that cannot be done any more (the text that it replaces is gone) has come to nothing, and the others go on.</summary>
    private static Outcome Attempt(Sabotage sabotage, Victim victim)
    {
        try
        {
            sabotage.Break(victim);
            foreach (var project in sabotage.Probe.Builds)
            {
                victim.Dotnet("build", project, "--no-restore", "-nologo", "-v", "q").Exits();
            }

            return new Outcome(sabotage, sabotage.Probe.Run(victim));
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or IOException)
        {
            return new Outcome(sabotage, new Finished("sabotage", -1, "", e.Message));
        }
    }
}

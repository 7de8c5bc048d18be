using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>What docs/make-it-yours.md calls deletable can be deleted as it says: one part after the other, until none is left, and after each the rest builds.</summary>
[Trait("Level", "L4"), Collection(typeof(WholeMachine))]
public sealed class DeletablePartsTests(Hive hive)
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void Every_deletable_part_is_removed_here_in_words_that_its_row_holds(string template)
    {
        var rows = Rows(hive.Default(template)).ToDictionary(r => r.Name, r => r.How);
        var parts = DeletablePart.All.Where(p => $"mlportfolio-{p.Template}" == template).ToList();
        Assert.Equal(rows.Keys.Order(StringComparer.Ordinal), parts.Select(p => p.Name).Order(StringComparer.Ordinal));
        Findings.AreNone(from part in parts
                         from named in part.Steps.SelectMany(s => s.Named)
                         where !rows[part.Name].Contains(named, StringComparison.Ordinal)
                         select $"{template}, {part.Name}: the row does not name {named}");
    }

    [Theory, MemberData(nameof(Templates))]
    public void The_rest_builds_and_keeps_its_evidence_after_each_part_is_gone(string template)
    {
        var built = BuiltRepository.Of(hive, template).Built;
        using var sandbox = new Sandbox();
        var pristine = hive.Generate(PackTree.Here.Template(template), sandbox.Folder, Hive.DefaultName).Folder;
        StandIn.Of(built, victim =>
        {
            StandIn.Mend(victim, pristine);
            foreach (var part in DeletablePart.All.Where(p => $"mlportfolio-{p.Template}" == template))
            {
                foreach (var step in part.Steps)
                {
                    step.Do(victim);
                }

                Ledger.Time(template, $"build without {part.Name}", () => victim.Dotnet("build", "-warnaserror", "-nologo", "-v", "q")).Exits();
            }

            // Which decisions there are is part of what documents show: rendering them is what an owner does next.
            victim.Cli("pin", "results/main").Exits();
            victim.Cli("check").Exits();
        });
    }

    /// <summary>The rows of the table under "Deletable parts".</summary>
    private static IEnumerable<(string Name, string How)> Rows(GeneratedRepository repository) =>
        repository.Read("docs/make-it-yours.md").Split("## Deletable parts")[1].Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split(" | ", 2)).Select(c => (c[0][2..], c[1]));
}

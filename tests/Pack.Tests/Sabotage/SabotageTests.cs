using MLPortfolio.PackTests.Verify;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>A check that nothing can turn red proves nothing: every listed sabotage is noticed, by the command that it should be, in words that name the cause.</summary>
[Trait("Level", "L4"), Collection(typeof(WholeMachine))]
public sealed class SabotageTests(Hive hive)
{
    private const int Fewest = 8;

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    public static TheoryData<string, string> Sabotages => [.. PackTree.Here.Selected.SelectMany(t => Sabotage.Of(t.ShortName).Select(s => (t.ShortName, s.What)))];

    [Theory, MemberData(nameof(Templates))]
    public void A_repository_that_nobody_broke_is_green(string template) => SabotageRun.Of(hive, template).Control.Exits();

    [Theory, MemberData(nameof(Templates))]
    public void Every_template_is_broken_in_many_ways(string template) =>
        Assert.InRange(Sabotage.Of(template).Select(s => s.What).Distinct().Count(), Fewest, Sabotage.Of(template).Count);

    [Theory, MemberData(nameof(Sabotages))]
    public void A_sabotage_is_noticed_and_its_cause_is_named(string template, string what)
    {
        var outcome = SabotageRun.Of(hive, template).Outcomes.Single(o => o.Sabotage.What == what);
        outcome.Run.Exits(outcome.Sabotage.Probe.Exit);
        Assert.True(outcome.Line is not null, $"`{outcome.Run.Command}` went red and does not say \"{outcome.Sabotage.Says}\":\n{outcome.Run.All}");
    }

    [Fact]
    public void The_readme_says_what_notices_what()
    {
        var outcomes = PackTree.Here.Selected.SelectMany(t => SabotageRun.Of(hive, t.ShortName).Outcomes).ToList();
        CaughtTable.WriteInFull(outcomes);
        var path = Path.Combine(PackTree.Here.Root, "README.md");
        var isWhole = PackTree.Here.Selected.Count() == PackTree.Here.Templates.Count;
        Assert.SkipUnless(isWhole, "skipped: the table speaks of all templates, this run of one");
        var expected = CaughtTable.Render(outcomes);
        if (PackTree.Here.IsBeingWritten)
        {
            CaughtTable.Write(path, expected);
        }

        Assert.Equal(expected, CaughtTable.Read(path));
    }
}

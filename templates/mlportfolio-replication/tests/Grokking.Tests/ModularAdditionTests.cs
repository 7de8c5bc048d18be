using System.Text.Json.Nodes;
using System.Xml.Linq;
using PortfolioProject.Replication;

namespace PortfolioProject.Grokking.Tests;

public sealed class ModularAdditionTests
{
    private const string Config = """
        kind: grokking-test
        modulus: 7
        widths: [32]
        shares: [0.8]
        seeds: [0, 1]
        learning_rate: 100
        steps: 60
        """;

    [Fact]
    public void The_self_check_passes() => Load().SelfCheck();

    [Fact]
    public void A_seed_gives_the_same_record_twice_and_another_seed_another()
    {
        var plan = Load().Plan("");
        string Curve(int i) => plan[i].Compute()[0].Detail!.ToJsonString();
        Assert.Equal(Curve(0), Curve(0));
        Assert.NotEqual(Curve(0), Curve(1));
        Assert.Equal(plan[0].Keys, plan[0].Compute().Select(r => (r.Variant, r.Case)));
    }

    [Fact]
    public void What_is_not_reached_is_unscored_and_never_a_zero()
    {
        var record = Load("steps=1").Plan("")[0].Compute()[0];
        Assert.Equal(["delay", "test-step", "train-step"], record.Unscored!.Keys.Order(StringComparer.Ordinal));
        Assert.False(record.Values.ContainsKey("test-step"));
        Assert.InRange(record.Values["train-accuracy"], 0, 0.9);
    }

    [Fact]
    public void Training_that_diverges_says_so() => Assert.Contains("diverged", Assert.Throws<UserError>(() => Load("learning_rate=1e9").Plan("")[0].Compute()).Message);

    [Theory]
    [InlineData("modulus=2", "modulus")]
    [InlineData("widths=[0]", "widths.0")]
    [InlineData("shares=[1]", "shares.0")]
    [InlineData("shares=[0]", "shares.0")]
    [InlineData("seeds=[]", "seeds")]
    [InlineData("seeds=[3,3]", "seeds")]
    [InlineData("learning_rate=-1", "learning_rate")]
    [InlineData("steps=0", "steps")]
    [InlineData("kind=main", "kind")]
    [InlineData("width=[3]", "width")]
    public void A_wrong_value_names_its_key(string change, string key) => Assert.Equal(key, Assert.Throws<UserError>(() => Load(change)).Field);

    [Fact]
    public void The_median_goes_on_after_a_seed_has_stopped()
    {
        CaseRecord Seed(long seed, params (int Step, double Test)[] curve) => Cells.Record("share 0.8 width 32", "share 0.8 width 32", seed, [("test-accuracy", 1)],
            detail: new JsonObject { ["curve"] = new JsonArray([.. curve.Select(p => new JsonArray((double)p.Step, 1.0, p.Test))]) });
        var run = new Run("", new RunManifest("", "grokking", "", "", [], 0, [], "", "", 1, "", default), [Seed(0, (10, 0), (20, 1)), Seed(1, (10, 0), (20, 0), (40, 1)), Seed(2, (10, 0), (20, 0), (40, 0.4), (80, 1))], []);
        var svg = XDocument.Parse(GrokkingFigures.Of(run)["accuracy-share-0.8-width-32.svg"]);
        var ends = svg.Descendants().Where(e => e.Attribute("stroke-dasharray")?.Value == "7 4" && e.Attribute("style") is null).Select(e => e.Attribute("d")!.Value).First(d => d.Contains('L'));
        Assert.Equal(4, ends.Split('L').Length);
    }

    private static ModularAddition Load(params string[] changes) => new(GrokkingConfig.Parse(Config, "grokking.yaml", changes), ModularEngine.Builtin);
}

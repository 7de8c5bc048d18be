using PortfolioProject.Audit;
using PortfolioProject.Ladder;

namespace PortfolioProject.DataCentric.Tests;

/// <summary>The repository's own data and configuration: needs the files of a generated repository.</summary>
public sealed class DigitsTests
{
    private static readonly string _root = Repository.FindRoot(AppContext.BaseDirectory);
    private static readonly RunConfig _config = RunConfig.Load(Path.Combine(_root, "configs", "run.yaml"), []);
    private static readonly Lazy<Table> _table = new(() => RunConfig.Load(Path.Combine(_root, "configs", "run.yaml"), ["data.path=data/digits/digits.csv", "data.patches=[]"]).LoadTable(_root));

    [Fact]
    public void The_digits_keep_their_contract_and_the_sealed_blocks_their_hash()
    {
        Assert.Equal((1797, 64, 10), (_table.Value.Count, _table.Value.Width, _table.Value.Classes.Count));
        Assert.Equal([0, 3, 7, 11], _table.Value.Rows.Where((_, i) => _table.Value.Sealed[i]).Select(r => 13 * (r - 1) / 1797).Distinct());
        Assert.NotNull(_table.Value.Contract.Test.Sha256);
    }

    [Fact]
    public void Features_are_pixels_over_sixteen() =>
        Assert.Equal(_table.Value.Row(5).ToArray().Select(v => v / 16), _table.Value.Scaled(_table.Value.Row(5)));

    /// <summary>A dozen blank and a dozen inverted pictures among the digits: blanks lie together and escape distance, inverted ones look alike by angle.</summary>
    [Fact]
    public void Blank_and_inverted_pictures_are_found_by_one_metric_each()
    {
        var table = _table.Value;
        double[] planted = [.. table.Values, .. new double[12 * 64], .. Enumerable.Range(0, 12).SelectMany(i => table.Row(i * 7).ToArray().Select(v => 16 - v))];
        var graphs = Neighbours.Find(planted, 64, 10, Metric.Euclidean, Metric.Cosine);
        int Found(int graph, int first) => Outliers.Find(graphs[graph]).Rows.Count(r => r >= first && r < first + 12);
        Assert.Equal((0, 12), (Found(0, table.Count), Found(1, table.Count)));
        Assert.Equal(12, Found(0, table.Count + 12));
        Assert.InRange(Found(1, table.Count + 12), 0, 8);
    }

    [Fact]
    public void Planted_label_errors_are_found_in_the_expected_region_and_margins_rank_them_best()
    {
        var cases = new List<CaseRecord>();
        foreach (var seed in new[] { 11, 12 }) new SeedLadder(_table.Value, _config, _config.Faults, seed, (c, _) => cases.Add(c)).DetectLabelErrors();
        double Mean(string step, string metric) => cases.Where(c => c.Variant == step).Average(c => c.Values[metric]);
        Assert.InRange(Mean("prune-by-noise-rate", "precision"), 0.8, 0.95);
        Assert.InRange(Mean("prune-by-noise-rate", "recall"), 0.8, 0.95);
        Assert.True(Mean("both", "precision") > Mean("prune-by-noise-rate", "precision") && Mean("both", "recall") < Mean("prune-by-noise-rate", "recall"));
        Assert.True(Mean("confident-learning", "precision") > Mean("prune-by-noise-rate", "precision") && Mean("confident-learning", "recall") < Mean("prune-by-noise-rate", "recall"));
        Assert.True(Mean("rank-normalized-margin", "average-precision") > Mean("rank-self-confidence", "average-precision"));
        Assert.True(Mean("prune-by-noise-rate", "accuracy") > Mean("noisy", "accuracy"));
    }

    [Fact]
    public void Every_gate_goes_red_when_the_labels_are_ruined()
    {
        var gates = StrictYaml.Read<GateConfig>(Path.Combine(_root, "configs", "gates.yaml"));
        Run Climbed(FaultConfig faults)
        {
            var cases = new List<CaseRecord>();
            foreach (var seed in Enumerable.Range(21, 3)) new SeedLadder(_table.Value, _config, faults, seed, (c, _) => cases.Add(c)).Climb(curve: false);
            return new Run("", Provenance.Describe(_root, "main", "", _config, 1, []), cases, []);
        }

        var (good, ruined) = (Climbed(_config.Faults), Climbed(_config.Faults with { Noise = 0.5 }));
        var portfolio = new Portfolio { Root = _root, Metrics = Scoring.Metrics, Measure = DataPortfolio.Measure };
        Assert.All(Gate.Judge(gates, good, good, portfolio), r => Assert.Equal(GateOutcome.Pass, r.Outcome));
        Assert.All(Gate.Judge(gates, good, ruined, portfolio), r => Assert.Equal((r.Rule.Metric, GateOutcome.Fail), (r.Rule.Metric, r.Outcome)));
    }
}

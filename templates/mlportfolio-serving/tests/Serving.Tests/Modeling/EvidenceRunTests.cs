using PortfolioProject.Evidence;
using PortfolioProject.Modeling;

namespace PortfolioProject.Serving.Tests;

public sealed class EvidenceRunTests
{
    [Fact]
    public void One_seed_gives_the_same_cases_with_one_thread_and_two()
    {
        using var repository = new TableRepository();
        var (one, two) = (repository.Evaluate("threads=1"), repository.Evaluate("threads=2"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(one.Folder, "cases.jsonl")), File.ReadAllBytes(Path.Combine(two.Folder, "cases.jsonl")));
        Assert.NotEqual(File.ReadAllText(Path.Combine(one.Folder, "cases.jsonl")), File.ReadAllText(Path.Combine(repository.Evaluate("seed=8").Folder, "cases.jsonl")));
    }

    [Fact]
    public void A_stopped_run_is_gone_on_with_and_ends_with_the_same_bytes()
    {
        using var repository = new TableRepository();
        var whole = repository.Evaluate();
        using var stop = new CancellationTokenSource();
        var (config, table, fits) = (repository.Config(), repository.Table(), 0);
        Run Execute(bool resume, CancellationToken cancel) => EvidenceRun.Execute(repository.Root, config, table, TableRepository.Engine, EvidenceRun.Kind, "test", resume, (_, share) =>
        {
            fits += share is > 0 and <= 1 ? 1 : 0;
            if (!resume && share > 0.4) stop.Cancel();
        }, cancel);
        Assert.Throws<OperationCanceledException>(() => Execute(false, stop.Token));
        fits = 0;
        var resumed = Execute(true, CancellationToken.None);
        Assert.InRange((int)resumed.Manifest.Resources!["fits"]!, 1, 11);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Folder, "cases.jsonl")), File.ReadAllBytes(Path.Combine(resumed.Folder, "cases.jsonl")));
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Folder, "metrics.json")), File.ReadAllText(Path.Combine(resumed.Folder, "metrics.json")));
    }

    [Fact]
    public void Each_variant_predicts_each_row_once_and_its_numbers_follow_from_the_cases()
    {
        using var repository = new TableRepository();
        var run = repository.Evaluate();
        Assert.Equal(["majority", "mlp", "softmax", "softmax-random"], run.Variants);
        Assert.All(run.Variants, v => Assert.Equal(120, run.Cases.Count(c => c.Variant == v)));
        var (metrics, cases) = (run.LoadMetrics(), run.Cases.Where(c => c.Variant == "softmax").ToList());
        Assert.Equal(cases.Count(c => (string?)c.Detail!["predicted"] == c.Tags["label"]) / 120.0, metrics.Find("accuracy", "softmax")!.Value!.Value, 1e-12);
        Assert.Equal(6, metrics.Find("accuracy", "softmax")!.Clusters);
        Assert.True(metrics.Find("accuracy", "softmax")!.Value > 0.6 && metrics.Find("accuracy", "majority")!.Value < 0.5);
        Assert.Equal(3, metrics.Rows.Count(r => r.Name == "accuracy" && r.Variant == "softmax" && r.Slice is not null));
        Assert.DoesNotContain("mlp-random", run.Variants);
        Assert.Equal("softmax-random", ReportModel.Twin(run, "softmax"));
        Assert.Null(ReportModel.Twin(run, "mlp"));
    }

    /// <summary>The only row of a class can be predicted right by no model that has not seen it.</summary>
    [Fact]
    public void No_model_was_trained_on_a_row_that_it_is_judged_by()
    {
        var lines = TableRepository.Points().TrimEnd('\n').Split('\n').ToList();
        foreach (var i in Enumerable.Range(1, 6)) lines.Insert(19 * i, $"{40 * i},{-40 * i},{30 * i},7,only-{i}");
        using var repository = new TableRepository(string.Join('\n', lines), "  nearest: { model: nearest-centroid }\n  nearest-random: { model: nearest-centroid, split: random }");
        var judged = repository.Evaluate().Cases.Where(c => c.Tags["label"].StartsWith("only-", StringComparison.Ordinal)).ToList();
        Assert.Equal(6 * 6, judged.Count);
        Assert.All(judged, c => Assert.Equal("wrong", c.Outcome));
    }

    [Fact]
    public void Calibration_error_is_the_mean_distance_of_confidence_and_accuracy_over_bins()
    {
        var cases = new[] { (0.95, 1), (0.91, 0), (0.55, 1), (0.55, 1) }.Select((c, i) => new CaseRecord
        {
            Case = $"{i}",
            Variant = "v",
            Cluster = $"{i}",
            Outcome = "",
            Values = new Dictionary<string, double> { ["confidence"] = c.Item1, ["accuracy"] = c.Item2 },
        }).ToList();
        using var repository = new TableRepository();
        var run = repository.Evaluate() with { Cases = cases };
        Assert.Equal(((2 * Math.Abs(0.93 - 0.5)) + (2 * 0.45)) / 4, ServingPortfolio.Measure(run).Find("ece", "v")!.Value!.Value, 1e-12);
    }

    [Fact]
    public void The_simplest_candidate_stays_unless_a_later_one_is_better()
    {
        using var repository = new TableRepository();
        var run = repository.Evaluate();
        CaseRecord As(CaseRecord c, string variant, bool right) => c with { Variant = variant, Values = new Dictionary<string, double> { ["accuracy"] = right ? 1 : 0 } };
        var rows = run.Cases.Where(c => c.Variant == "softmax").ToList();
        Run With(int wrong) => run with { Cases = [.. rows.Select((c, i) => As(c, "softmax", i % 10 != 0)), .. rows.Select((c, i) => As(c, "mlp", i % 10 != 0 || i % 20 < wrong))] };
        Assert.Equal("softmax", EvidenceRun.Choose(With(0), ["softmax", "mlp"]).Chosen);
        Assert.Equal("mlp", EvidenceRun.Choose(With(20), ["softmax", "mlp"]).Chosen);
        Assert.Equal("softmax", EvidenceRun.Choose(With(20), ["softmax", "absent"]).Chosen);
        Assert.Equal(Verdict.Better, EvidenceRun.Choose(With(20), ["softmax", "mlp"]).Steps[0].Effect.Verdict);
    }

    [Fact]
    public void Every_gate_that_ships_goes_red_when_training_breaks()
    {
        using var repository = new TableRepository();
        var shipped = StrictYaml.Read<GateConfig>(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), Gate.ConfigFile));
        var gates = shipped with { Gates = [.. shipped.Gates.Select(g => g with { Variant = "softmax" })] };
        var (published, portfolio) = (repository.Evaluate(), ServingPortfolio.Create(repository.Root));
        Assert.All(Gate.Judge(gates, published, repository.Evaluate("threads=2"), portfolio), g => Assert.Equal(GateOutcome.Pass, g.Outcome));
        var broken = repository.Evaluate("fit.updates=1", "fit.min_epochs=1", "fit.learning_rate=0.000001");
        Assert.All(Gate.Judge(gates, published, broken, portfolio), g => Assert.Equal(GateOutcome.Fail, g.Outcome));
    }

    [Theory]
    [InlineData("candidates=[mlp, nothing]", "candidates")]
    [InlineData("candidates=[majority]", "candidates")]
    [InlineData("candidates=[softmax-random]", "candidates")]
    [InlineData("candidates=[]", "candidates")]
    [InlineData("variants.mlp={ model: mlp, hidden: 0 }", "variants.mlp.hidden")]
    [InlineData("folds=1", "folds")]
    [InlineData("fit.validation=0.9", "fit.validation")]
    [InlineData("fit.epoch=3", "fit.epoch")]
    public void A_configuration_that_cannot_work_is_refused_by_name(string change, string field)
    {
        using var repository = new TableRepository();
        Assert.Equal(field, Assert.Throws<UserError>(() => repository.Config(change)).Field);
    }

    [Theory]
    [InlineData("data/points.csv", "points")]
    [InlineData("/x/My wine (v2).csv", "My-wine-v2")]
    [InlineData("../..csv", "model")]
    public void A_model_is_named_after_its_table(string path, string name)
    {
        using var repository = new TableRepository();
        Assert.Equal(name, repository.Config($"data.path={path}").ModelName);
        Assert.Equal("own", repository.Config($"data.path={path}", "name=own").ModelName);
    }
}

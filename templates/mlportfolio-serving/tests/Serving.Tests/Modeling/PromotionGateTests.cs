using PortfolioProject.Evidence;
using PortfolioProject.Modeling;

namespace PortfolioProject.Serving.Tests;

public sealed class PromotionGateTests
{
    private static readonly PromotionConfig Rules = new() { BudgetMs = 1000, Disagreement = 0.05 };

    [Fact]
    public void A_version_like_the_stable_one_passes_every_step()
    {
        using var repository = new TableRepository();
        Promote(repository, repository.Ship());
        repository.Ship("fit.updates=200");
        var steps = Judge(repository, "2");
        Assert.Equal(["bundle", "latency", "signature", "disagreement"], steps.Select(s => s.Name));
        Assert.All(steps, s => Assert.True(s.Passed, s.Detail));
    }

    [Fact]
    public void The_first_version_needs_no_comparison()
    {
        using var repository = new TableRepository();
        repository.Ship();
        Assert.All(Judge(repository, "1"), s => Assert.True(s.Passed, s.Detail));
    }

    [Fact]
    public void A_damaged_bundle_fails_at_once()
    {
        using var repository = new TableRepository();
        Promote(repository, repository.Ship());
        File.AppendAllText(Path.Combine(repository.Ship().Folder, BundleManifest.WeightsFile), "x");
        var step = Assert.Single(Judge(repository, "2"));
        Assert.Equal(("bundle", false), (step.Name, step.Passed));
        Assert.Contains(BundleManifest.WeightsFile, step.Detail);
    }

    [Theory]
    [InlineData("data.ignore=[z]", "low")]
    [InlineData("data.ignore=[]", "lower")]
    public void Other_features_or_classes_would_break_clients(string change, string lowest)
    {
        using var repository = new TableRepository();
        Promote(repository, repository.Ship());
        TextFile.Write(Path.Combine(repository.Root, "data", "points.csv"), TableRepository.Points().Replace("low", lowest));
        repository.Ship(change);
        Assert.Equal("signature", Assert.Single(Judge(repository, "2"), s => !s.Passed).Name);
    }

    [Fact]
    public void A_model_that_labels_rows_otherwise_is_held_back()
    {
        using var repository = new TableRepository();
        Promote(repository, repository.Ship());
        TextFile.Write(Path.Combine(repository.Root, "data", "points.csv"), TableRepository.Points().Replace("low", "x").Replace("high", "low").Replace("x\n", "high\n"));
        repository.Ship();
        var step = Assert.Single(Judge(repository, "2"), s => !s.Passed);
        Assert.Equal("disagreement", step.Name);
        Assert.Contains("of 120 rows labelled otherwise than by version 1 (test)", step.Detail);
    }

    [Fact]
    public void Without_recent_rows_the_golden_rows_are_compared()
    {
        using var repository = new TableRepository();
        Promote(repository, repository.Ship());
        repository.Ship("fit.updates=200");
        Assert.Contains("5 rows labelled otherwise than by version 1 (golden rows", PromotionGate.Judge(repository.Registry, "2", TableRepository.Engine, Rules, [], "none")[^1].Detail);
    }

    [Fact]
    public void A_model_slower_than_the_budget_is_held_back()
    {
        using var repository = new TableRepository();
        repository.Ship();
        Assert.False(Assert.Single(Judge(repository, "1", Rules with { BudgetMs = -1 }), s => s.Name == "latency").Passed);
    }

    private static void Promote(TableRepository repository, Bundle bundle) =>
        repository.Registry.Append(new Promotion(DateTimeOffset.UnixEpoch, "promote", bundle.Manifest.Version, null, "cli", "a test"));

    private static IReadOnlyList<GateStep> Judge(TableRepository repository, string version, PromotionConfig? rules = null) =>
        PromotionGate.Judge(repository.Registry, version, TableRepository.Engine, rules ?? Rules, repository.Table().Rows, "test");
}

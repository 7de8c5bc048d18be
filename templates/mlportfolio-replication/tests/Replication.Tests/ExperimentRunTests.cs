namespace PortfolioProject.Replication.Tests;

public sealed class ExperimentRunTests : IDisposable
{
    private readonly Toy _toy = new();

    [Fact]
    public void One_thread_and_two_write_the_same_bytes() => Assert.Equal(Toy.Bytes(_toy.Execute(threads: 1)), Toy.Bytes(_toy.Execute(threads: 2)));

    [Fact]
    public void Merged_shards_are_the_bytes_of_the_whole_run()
    {
        var shards = new[] { "1/3", "2/3", "3/3" }.Select(s => _toy.Execute(s)).ToList();
        Assert.Equal(Toy.Bytes(_toy.Execute()), Toy.Bytes(RunStore.Merge(_toy.Root, shards, LabPortfolio.Measure)));
        Assert.All(shards, s => Assert.True(s.Cases.Count > 0));
    }

    [Fact]
    public void What_has_been_computed_is_not_computed_again_until_configuration_or_data_change()
    {
        var first = _toy.Execute(force: false);
        Assert.Equal(first.Folder, _toy.Execute(force: false).Folder);
        Assert.NotEqual(first.Folder, _toy.Execute(force: true).Folder);
        Assert.NotEqual(first.Folder, _toy.Execute(force: false, changes: "bandwidths=[2]").Folder);
        _toy.Write("data/toy.csv", TextFile.Read(Path.Combine(_toy.Root, "data", "toy.csv")) + "1,2,3,0\n");
        Assert.NotEqual(first.Manifest.Data[0].Sha256, _toy.Execute(force: false).Manifest.Data[0].Sha256);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bytes()
    {
        var whole = Toy.Bytes(_toy.Execute());
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => ExperimentRun.Execute(_toy.Root, _toy.Experiment(), new ExperimentRun.Options("toy", Force: true, Threads: 1), LabPortfolio.Measure,
            (_, share) => { if (share >= 0.5) stop.Cancel(); }, stop.Token));
        var resumed = ExperimentRun.Execute(_toy.Root, _toy.Experiment(), new ExperimentRun.Options("toy", Resume: true, Force: true), LabPortfolio.Measure, (_, _) => { }, TestContext.Current.CancellationToken).Run;
        Assert.Equal(whole, Toy.Bytes(resumed));
    }

    [Fact]
    public void A_case_is_a_seed_and_a_cell_and_a_method_is_a_variant()
    {
        var run = _toy.Execute();
        Assert.Equal(["kernel", "minimum-norm", "ridge"], run.Variants);
        Assert.Equal(4 * 2 * ((5 * 2) + 1), run.Cases.Count);
        var at = run.Cases.Single(c => c is { Variant: "ridge", Case: "seed 02, noise 0.2, N/n 1.2" });
        Assert.Equal((24.0, 20.0, "seed 02"), (at.Values["features"], at.Values["samples"], at.Cluster));
        Assert.Contains(at.Values["penalty"], new[] { 0.001, 0.1, 10 });
        Assert.All(run.Cases.Where(c => c.Variant == "minimum-norm" && c.Values["features"] >= 20), c => Assert.InRange(c.Values["train-loss"], 0, 1e-12));
    }

    [Fact]
    public void More_label_noise_never_raises_training_fit_and_noise_0_leaves_labels_alone()
    {
        var run = _toy.Execute();
        double Loss(string noise) => run.Cases.Where(c => c.Variant == "ridge" && c.Tags["noise"] == noise).Average(c => c.Values["train-loss"]);
        Assert.True(Loss("0.2") > Loss("0"));
    }

    [Fact]
    public void A_run_that_fails_before_anything_is_finished_leaves_no_folder()
    {
        Assert.Contains("kernel matrix is singular", Assert.Throws<UserError>(() => _toy.Execute(changes: "bandwidths=[1e6]")).Message);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_toy.Root, "runs")));
    }

    [Fact]
    public void A_shard_without_seeds_is_complete_and_empty() => Assert.Empty(_toy.Execute("2/2", changes: "seeds=[0]").Cases);

    [Fact]
    public void Equal_training_rows_stop_the_run()
    {
        var error = Assert.Throws<UserError>(() => new SeedRun(new Protocol(20, [40], [0.0], 1.5, FeatureKind.Cosine, [new Method("minimum-norm", 0, [])]), Unequal(), [.. Enumerable.Range(0, 30).Select(i => i % 2)], 2, 0).Run().ToList());
        Assert.Contains("kernel matrix is singular", error.Message);
    }

    [Fact]
    public void Seeds_are_counted_by_groups_of_which_one_half_judges_the_other()
    {
        var run = _toy.Execute(changes: ["seeds=[0,1,2,3,4,5,6,7,8,9,10,11]", "seed_group=6", "noise=[0.2]", "ratios=[1]", "penalties=[]"]);
        Assert.Equal(["mean of 1", "mean of 3", "median of 1", "median of 3"], run.Variants);
        Assert.All(run.Cases.GroupBy(c => c.Case), g => Assert.Equal(g.Single(c => c.Variant == "mean of 1").Values["peak-error"], g.Single(c => c.Variant == "median of 1").Values["peak-error"]));
    }

    public void Dispose() => _toy.Dispose();

    private static Matrix Unequal() => new(30, 2, [.. Enumerable.Repeat(1.0, 60)]);
}

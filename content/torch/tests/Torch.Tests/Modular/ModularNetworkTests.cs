using PortfolioProject.Grokking;

namespace PortfolioProject.Torch.Tests;

public sealed class ModularNetworkTests
{
    private static readonly ModularEngine Engine = TorchModular.Engine(new TorchConfig());

    private const string Quadratic = """
        kind: grokking-test
        modulus: 7
        widths: [32]
        shares: [0.8]
        seeds: [0, 1]
        learning_rate: 60
        steps: 400
        """;

    private const string Decoder = """
        kind: grokking-test
        modulus: 7
        widths: [16]
        shares: [0.9]
        seeds: [0]
        learning_rate: 0.005
        steps: 150
        every: 30
        transformer: { layers: 1, heads: 2, batch: 24, weight_decay: 0.1 }
        """;

    [Fact]
    public void The_self_check_passes() => Engine.SelfCheck();

    [Fact]
    public void The_quadratic_network_takes_the_steps_of_the_managed_one()
    {
        var (config, pairs) = (Parse(Quadratic), Pairs(7));
        var (native, managed) = (Engine.Create(config, 32, 4), ModularEngine.Builtin.Create(config, 32, 4));
        using var held = (IDisposable)native;
        Assert.Equal(managed.Accuracy(pairs), native.Accuracy(pairs));
        for (var step = 0; step < 60; step++)
        {
            var (expected, got) = (managed.Step(pairs, 60), native.Step(pairs, 60));
            Assert.InRange(got, expected * 0.999, expected * 1.001);
        }
    }

    [Fact]
    public void A_transformer_fits_its_training_pairs()
    {
        var (config, pairs) = (Parse(Decoder), Pairs(7));
        var network = Engine.Create(config, 16, 1);
        using var held = (IDisposable)network;
        var before = network.Accuracy(pairs);
        var losses = Enumerable.Range(0, 150).Select(_ => network.Step(pairs, 0.005)).ToList();
        Assert.InRange(losses[0], 1, 4);
        Assert.True(losses[^5..].Average() < losses[..5].Average() / 2, $"{losses[0]} → {losses[^1]}");
        Assert.True(network.Accuracy(pairs) > Math.Max(before, 0.6));
    }

    [Theory]
    [InlineData(Quadratic)]
    [InlineData(Decoder)]
    public void A_seed_gives_the_same_steps_twice_and_another_seed_others(string config)
    {
        var pairs = Pairs(7);
        double[] Losses(long seed)
        {
            var network = Engine.Create(Parse(config), Parse(config).Widths[0], seed);
            using var held = (IDisposable)network;
            return [.. Enumerable.Range(0, 5).Select(_ => network.Step(pairs, Parse(config).LearningRate))];
        }

        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));
    }

    [Theory]
    [InlineData(Quadratic)]
    [InlineData(Decoder)]
    public void Steps_and_accuracies_leave_no_tensor_behind(string config)
    {
        var (pairs, live) = (Pairs(7), new List<long>());
        var network = Engine.Create(Parse(config), Parse(config).Widths[0], 1);
        using var held = (IDisposable)network;
        for (var step = 0; step < 8; step++)
        {
            network.Step(pairs, 0.001);
            network.Accuracy(pairs);
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Single(live[1..].Distinct());
    }

    [Fact]
    public void An_experiment_gives_cells_that_say_which_network_they_are_of()
    {
        var experiment = new ModularAddition(Parse(Decoder), Engine);
        var record = experiment.Plan("").Single().Compute()[0];
        Assert.Equal("transformer share 0.9 width 16", record.Variant);
        Assert.InRange(record.Values["train-accuracy"], 0.5, 1);
        Assert.Contains("cpu, float32", experiment.Platform);
        Assert.Equal("share 0.8 width 32", new ModularAddition(Parse(Quadratic), Engine).Plan("")[0].Keys[0].Variant);
    }

    [Theory]
    [InlineData("transformer.heads=3", "widths.0")]
    [InlineData("transformer.layers=0", "transformer.layers")]
    [InlineData("transformer.dropout=0.1", "transformer.dropout")]
    public void A_wrong_value_names_its_key(string change, string key) => Assert.Equal(key, Assert.Throws<UserError>(() => Parse(Decoder, change)).Field);

    private static GrokkingConfig Parse(string text, params string[] changes) => GrokkingConfig.Parse(text, "grokking.yaml", changes);

    private static Pair[] Pairs(int modulus) => [.. Enumerable.Range(0, modulus * modulus).Select(i => new Pair(i / modulus, i % modulus))];
}

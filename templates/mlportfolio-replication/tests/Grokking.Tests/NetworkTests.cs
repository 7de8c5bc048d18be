using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Grokking.Tests;

public sealed class NetworkTests
{
    private static readonly Pair[] Pairs = [new(0, 1), new(2, 2), new(4, 3), new(1, 1), new(4, 4)];

    [Fact]
    public void Outputs_are_those_of_the_formula_written_out()
    {
        var network = QuadraticNetwork.Random(5, 9, new RandomStream(3, 2));
        var outputs = network.Forward(Pairs);
        for (var e = 0; e < Pairs.Length; e++)
            for (var q = 0; q < 5; q++)
            {
                var sum = Enumerable.Range(0, 9).Sum(k => network.W[k, q] * Math.Pow((network.U[Pairs[e].A, k] + network.V[Pairs[e].B, k]) / Math.Sqrt(10), 2));
                Assert.Equal(sum / 9, outputs[e, q], 1e-12);
            }
    }

    [Fact]
    public void Gradients_are_central_differences_of_the_loss() => Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), (seed, width) =>
    {
        const double Nudge = 1e-5;
        var network = QuadraticNetwork.Random(5, width, new RandomStream(seed, 2));
        var gradient = network.Gradient(Pairs);
        foreach (var (weights, derived) in new[] { (network.U, gradient.U), (network.V, gradient.V), (network.W, gradient.W) })
        {
            var i = seed % weights.Values.Length;
            var kept = weights.Values[i];
            weights.Values[i] = kept + Nudge;
            var above = network.Gradient(Pairs).Loss;
            weights.Values[i] = kept - Nudge;
            var below = network.Gradient(Pairs).Loss;
            weights.Values[i] = kept;
            Assert.Equal((above - below) / (2 * Nudge), derived.Values[i], 1e-8);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_small_step_lowers_the_loss()
    {
        var network = QuadraticNetwork.Random(7, 20, new RandomStream(1, 2));
        Pair[] pairs = [.. Enumerable.Range(0, 49).Select(i => new Pair(i / 7, i % 7))];
        var losses = Enumerable.Range(0, 20).Select(_ => network.Step(pairs, 1)).ToList();
        Assert.All(losses.Zip(losses.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }

    [Fact]
    public void Analytic_weights_solve_modular_addition_at_97_when_the_network_is_wide()
    {
        Assert.Equal(1, ModularAddition.Analytic(97, 500, 0));
        Assert.InRange(ModularAddition.Analytic(97, 20, 0), 0, 0.6);
    }

    [Fact]
    public void Analytic_weights_do_not_solve_another_sum()
    {
        var network = QuadraticNetwork.Analytic(23, 300, new RandomStream(0, 3));
        Assert.Equal(1, network.Accuracy([new(3, 4), new(22, 22), new(0, 0)]));
        network.W.Row(0).Clear();
        for (var k = 0; k < 300; k++) network.W.Row(k).Reverse();
        Assert.NotEqual(1, network.Accuracy([new(3, 4), new(22, 22), new(0, 0)]));
    }
}

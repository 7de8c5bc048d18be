namespace PortfolioProject.Replication.Tests;

public sealed class FeatureMapTests
{
    private static readonly Matrix Inputs = RandomMatrix.Draw(6, 4, 1);

    [Theory]
    [InlineData(FeatureKind.Cosine)]
    [InlineData(FeatureKind.Paired)]
    [InlineData(FeatureKind.Complex)]
    [InlineData(FeatureKind.Relu)]
    public void A_small_map_is_the_beginning_of_a_large_one(FeatureKind kind)
    {
        var (small, large) = (Map(kind, 7), Map(kind, 20));
        var (a, b) = (small.Apply(Inputs), large.Apply(Inputs));
        Assert.Equal(kind == FeatureKind.Complex ? 14 : 7, a.Rows);
        Assert.Equal(small.Rows(7), a.Rows);
        Assert.Equal(a.Values, b.Values[..a.Values.Length]);
    }

    [Theory]
    [InlineData(FeatureKind.Cosine)]
    [InlineData(FeatureKind.Paired)]
    [InlineData(FeatureKind.Complex)]
    public void Products_of_many_features_are_the_Gaussian_kernel(FeatureKind kind)
    {
        const int Width = 20_000;
        var map = Map(kind, Width);
        var features = map.Apply(Inputs);
        var products = features.TransposeTimes(features);
        for (var i = 0; i < Inputs.Rows; i++)
            for (var j = 0; j < Inputs.Rows; j++)
            {
                var squared = Inputs.Row(i).ToArray().Zip(Inputs.Row(j).ToArray(), (x, y) => (x - y) * (x - y)).Sum();
                Assert.Equal(Math.Exp(-squared / (2 * 1.5 * 1.5)), map.Scale(Width) * products[i, j], 0.03);
            }
    }

    [Fact]
    public void Paired_features_are_cosine_and_sine_of_one_frequency()
    {
        var features = Map(FeatureKind.Paired, 10).Apply(Inputs);
        for (var j = 0; j < 10; j += 2)
            for (var i = 0; i < Inputs.Rows; i++) Assert.Equal(1, (features[j, i] * features[j, i]) + (features[j + 1, i] * features[j + 1, i]), 1e-12);
    }

    [Fact]
    public void A_complex_map_is_the_real_form_of_complex_multiplication()
    {
        var (features, n) = (Map(FeatureKind.Complex, 3).Apply(Inputs), Inputs.Rows);
        for (var j = 0; j < 3; j++)
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(features[2 * j, i], features[(2 * j) + 1, n + i]);
                Assert.Equal(features[2 * j, n + i], -features[(2 * j) + 1, i]);
            }
    }

    [Fact]
    public void Rectified_features_are_never_negative() => Assert.All(Map(FeatureKind.Relu, 50).Apply(Inputs).Values, v => Assert.True(v >= 0));

    private static FeatureMap Map(FeatureKind kind, int count) => FeatureMap.Draw(kind, count, 4, 1.5, new RandomStream(5, 3));
}

using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Numerics.Tests;

public sealed class KernelTests
{
    private static readonly Arbitrary<(int Rows, int Depth, int Columns)> Shapes =
        Gen.Choose(0, 37).Three().Select(t => (t.Item1, t.Item2, t.Item3)).ToArbitrary();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_product_has_the_bits_of_the_plain_triple_loop(bool transposeA, bool transposeB) => Prop.ForAll(Shapes, shape =>
    {
        AssertProduct<double>(shape, transposeA, transposeB);
        AssertProduct<float>(shape, transposeA, transposeB);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(65, 257, 9)] // one beyond a block of rows, of the depth and a panel
    [InlineData(3, 600, 17)]
    [InlineData(130, 512, 40)]
    public void A_product_over_several_blocks_has_the_bits_of_the_plain_triple_loop(int rows, int depth, int columns)
    {
        foreach (var (transposeA, transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            AssertProduct<double>((rows, depth, columns), transposeA, transposeB);
            AssertProduct<float>((rows, depth, columns), transposeA, transposeB);
        }
    }

    [Fact]
    public void An_added_product_starts_from_what_is_there()
    {
        double[] c = [10, 20];
        Kernels.AddProduct<double>([1, 2], [3, 4, 5, 6], c, 1, 2, 2);
        Assert.Equal([10 + 3 + 10, 20 + 4 + 12], c);
    }

    [Fact]
    public void A_packed_row_of_one_gives_the_bits_of_a_packed_row_among_many()
    {
        var packed = new PackedMatrix<float>(Draws<float>(64 * 37, 1), 64, 37);
        var (rows, together) = (Draws<float>(70 * 64, 2), new float[70 * 37]);
        packed.AddProduct(rows, together, 70);
        for (var i = 0; i < 70; i++)
        {
            var alone = new float[37];
            packed.AddProduct(rows.AsSpan(i * 64, 64), alone, 1);
            Assert.Equal(together.AsSpan(i * 37, 37).ToArray(), alone);
        }
    }

    [Fact]
    public void Dot_is_close_to_the_plain_loop_at_every_length() => Prop.ForAll(Gen.Choose(0, 70).ToArbitrary(), length =>
    {
        var (a, b) = (Draws<double>(length, 1), Draws<double>(length, 2));
        Assert.Equal(a.Zip(b, (x, y) => x * y).Sum(), Kernels.Dot<double>(a, b), 1e-12);
        var (fa, fb) = (Draws<float>(length, 3), Draws<float>(length, 4));
        Assert.Equal(fa.Zip(fb, (x, y) => (double)x * y).Sum(), Kernels.Dot<float>(fa, fb), 1e-4);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Dot_adds_one_running_sum_a_lane_then_the_lanes_then_the_rest()
    {
        for (var draw = 0; draw < 50; draw++)
        {
            var (a, b) = (Draws<double>(11, 100 + draw), Draws<double>(11, 200 + draw));
            var lanes = Enumerable.Range(0, 4).Select(lane => (a[lane] * b[lane]) + (a[lane + 4] * b[lane + 4])).ToArray();
            var sum = lanes[0] + lanes[1] + lanes[2] + lanes[3];
            Assert.Equal(sum + (a[8] * b[8]) + (a[9] * b[9]) + (a[10] * b[10]), Kernels.Dot<double>(a, b));
        }
    }

    [Theory]
    [InlineData(3, 4, 4, "a")]
    [InlineData(4, 5, 4, "b")]
    [InlineData(4, 4, 3, "c")]
    public void An_operand_of_another_length_is_refused_by_name(int a, int b, int c, string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Kernels.Multiply<double>(new double[a], new double[b], new double[c], 2, 2, 2));
        Assert.Equal(name, error.ParamName);
        Assert.Contains("where 2 × 2 are needed", error.Message);
    }

    [Fact]
    public void Softmax_sums_to_one_and_does_not_see_a_shift() => Prop.ForAll(Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(-700, 700).ToArbitrary(), (length, shift) =>
    {
        var logits = Draws<double>(length, 7 + length);
        var (p, shifted) = ((double[])logits.Clone(), logits.Select(z => (20 * z) + shift).ToArray());
        var unshifted = logits.Select(z => 20 * z).ToArray();
        Assert.Equal(Math.Log(logits.Sum(Math.Exp)), Kernels.Softmax<double>(p), 1e-12);
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.Equal(Kernels.Softmax<double>(unshifted) + shift, Kernels.Softmax<double>(shifted), 1e-9);
        for (var i = 0; i < length; i++) Assert.Equal(unshifted[i], shifted[i], 1e-11);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Softmax_of_extreme_logits_is_finite()
    {
        float[] single = [float.MaxValue, -float.MaxValue, 0];
        double[] pair = [1e308, 1e308, -1e308], lowest = [-1e308, -1e308];
        Kernels.Softmax<float>(single);
        Kernels.Softmax<double>(pair);
        Assert.Equal(-1e308, Kernels.Softmax<double>(lowest));
        Assert.Equal([1, 0, 0], single);
        Assert.Equal([0.5, 0.5, 0], pair);
        Assert.Equal([0.5, 0.5], lowest);
    }

    [Fact]
    public void Rectified_values_are_not_negative_at_every_length()
    {
        for (var length = 0; length < 20; length++)
        {
            var x = Draws<float>(length, 8);
            var expected = x.Select(v => v > 0 ? v : 0).ToArray();
            Kernels.Rectify<float>(x);
            Assert.Equal(expected, x);
        }
    }

    private static void AssertProduct<T>((int Rows, int Depth, int Columns) shape, bool transposeA, bool transposeB) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (m, k, n) = shape;
        var (a, b, c) = (Draws<T>(m * k, 1), Draws<T>(k * n, 2), Draws<T>(m * n, 3));
        var expected = new T[m * n];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
                for (var l = 0; l < k; l++) expected[(i * n) + j] += a[transposeA ? (l * m) + i : (i * k) + l] * b[transposeB ? (j * k) + l : (l * n) + j];
        Kernels.Multiply<T>(a, b, c, m, k, n, transposeA, transposeB);
        Assert.Equal(expected, c);
    }

    private static T[] Draws<T>(int count, int stream) where T : IFloatingPointIeee754<T>
    {
        var draws = new RandomStream(1, stream);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(draws.Normal()))];
    }
}

namespace PortfolioProject.Numerics.Tests;

public sealed class MatrixTests
{
    [Fact]
    public void Matrix_products_agree_with_their_definitions()
    {
        var (a, b) = (new Matrix(2, 3, [1, 2, 3, 4, 5, 6]), new Matrix(3, 2, [7, 8, 9, 10, 11, 12]));
        Assert.Equal([58, 64, 139, 154], a.Times(b).Values);
        Assert.Equal([17, 22, 27, 22, 29, 36, 27, 36, 45], a.TransposeTimes(a).Values);
        Assert.Equal([14, 32, 32, 77], a.TimesTranspose(a).Values);
        Assert.Equal(6, a[1, 2]);
        Assert.Throws<ArgumentException>(() => a.Times(a));
    }
}

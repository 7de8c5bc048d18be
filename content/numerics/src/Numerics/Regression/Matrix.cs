namespace PortfolioProject.Numerics;

/// <summary>A dense matrix of doubles, row-major. Products by <see cref="Kernels"/>; shapes that do not fit throw <see cref="ArgumentException"/>.</summary>
public sealed class Matrix
{
    public Matrix(int rows, int columns, double[]? values = null)
    {
        Values = values ?? new double[checked(rows * columns)];
        Kernels.RequireLength(Values.Length, rows, columns, nameof(values));
        (Rows, Columns) = (rows, columns);
    }

    public int Rows { get; }
    public int Columns { get; }
    public double[] Values { get; }

    public ref double this[int row, int column] => ref Row(row)[column];

    public Span<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>A·B.</summary>
    public Matrix Times(Matrix b) => Product(b, Rows, Columns, b.Columns, false, false);

    /// <summary>Aᵀ·B.</summary>
    public Matrix TransposeTimes(Matrix b) => Product(b, Columns, Rows, b.Columns, true, false);

    /// <summary>A·Bᵀ.</summary>
    public Matrix TimesTranspose(Matrix b) => Product(b, Rows, Columns, b.Rows, false, true);

    private Matrix Product(Matrix b, int rows, int depth, int columns, bool transposeA, bool transposeB)
    {
        var product = new Matrix(rows, columns);
        Kernels.AddProduct<double>(Values, b.Values, product.Values, rows, depth, columns, transposeA, transposeB);
        return product;
    }
}

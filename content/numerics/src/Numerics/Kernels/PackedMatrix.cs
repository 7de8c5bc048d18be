namespace PortfolioProject.Numerics;

/// <summary>
/// The right operand B [depth × columns] of a product, copied into panels two vectors wide (padded with zeros): packed once, multiplied often.
/// Each element of a product is one running sum over the depth, in order, multiplied and added without FMA: the bits of the plain triple
/// loop, under every vector width. Immutable and thread-safe.
/// </summary>
public sealed class PackedMatrix<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int TileRows = 4, DepthBlock = 256, RowBlock = 64;
    private readonly T[] _panels;

    /// <summary>Packs row-major <paramref name="b"/> [depth × columns], or its transpose if <paramref name="b"/> is [columns × depth].</summary>
    public PackedMatrix(ReadOnlySpan<T> b, int depth, int columns, bool transposed = false)
        : this(b, depth, columns, transposed, new T[Size(depth, columns)])
    {
    }

    internal PackedMatrix(ReadOnlySpan<T> b, int depth, int columns, bool transposed, T[] buffer)
    {
        Kernels.RequireLength(b.Length, depth, columns, nameof(b));
        (Depth, Columns, _panels) = (depth, columns, buffer);
        for (var first = 0; first < columns; first += PanelWidth)
        {
            var width = Math.Min(PanelWidth, columns - first);
            for (var k = 0; k < depth; k++)
            {
                var row = buffer.AsSpan((first * depth) + (k * PanelWidth), PanelWidth);
                if (!transposed) b.Slice((k * columns) + first, width).CopyTo(row);
                else for (var j = 0; j < width; j++) row[j] = b[((first + j) * depth) + k];
                row[width..].Clear();
            }
        }
    }

    public int Depth { get; }
    public int Columns { get; }

    private static int PanelWidth => 2 * Vector256<T>.Count;

    internal static int Size(int depth, int columns) => checked((columns + PanelWidth - 1) / PanelWidth * PanelWidth * depth);

    /// <summary>C += A·B for row-major C [rows × columns] and A [rows × depth], or Aᵀ·B if <paramref name="a"/> is [depth × rows].</summary>
    public void AddProduct(ReadOnlySpan<T> a, Span<T> c, int rows, bool transposeA = false)
    {
        Kernels.RequireLength(a.Length, rows, Depth, nameof(a));
        Kernels.RequireLength(c.Length, rows, Columns, nameof(c));
        var (rowStride, depthStride) = transposeA ? (1, rows) : (Depth, 1);
        Span<T> edge = stackalloc T[TileRows * PanelWidth];
        for (var k = 0; k < Depth; k += DepthBlock)
            for (var block = 0; block < rows; block += RowBlock)
                for (var j = 0; j < Columns; j += PanelWidth)
                    for (var i = block; i < Math.Min(block + RowBlock, rows); i += TileRows)
                    {
                        var tile = new Tile(Math.Min(TileRows, rows - i), Math.Min(DepthBlock, Depth - k), rowStride, depthStride);
                        ref readonly var left = ref a[(i * rowStride) + (k * depthStride)];
                        ref readonly var panel = ref _panels[(j * Depth) + (k * PanelWidth)];
                        var target = c.Slice((i * Columns) + j);
                        if (j + PanelWidth <= Columns) Accumulate(tile, in left, in panel, ref target[0], Columns);
                        else AccumulateEdge(tile, in left, in panel, target, edge, Columns - j);
                    }
    }

    private readonly record struct Tile(int Rows, int Depth, nint RowStride, nint DepthStride);

    private void AccumulateEdge(Tile tile, ref readonly T a, ref readonly T panel, Span<T> c, Span<T> edge, int width)
    {
        for (var r = 0; r < tile.Rows; r++) c.Slice(r * Columns, width).CopyTo(edge[(r * PanelWidth)..]);
        Accumulate(tile, in a, in panel, ref edge[0], PanelWidth);
        for (var r = 0; r < tile.Rows; r++) edge.Slice(r * PanelWidth, width).CopyTo(c[(r * Columns)..]);
    }

    /// <summary>Four rows by two vectors in registers; a tile with fewer rows computes its last row more than once.</summary>
    private static void Accumulate(Tile tile, ref readonly T a, ref readonly T panel, ref T c, nint stride)
    {
        var lanes = (nuint)Vector256<T>.Count;
        nint last = tile.Rows - 1, second = Math.Min(1, last), third = Math.Min(2, last);
        ref var c1 = ref Unsafe.Add(ref c, second * stride);
        ref var c2 = ref Unsafe.Add(ref c, third * stride);
        ref var c3 = ref Unsafe.Add(ref c, last * stride);
        ref var a0 = ref Unsafe.AsRef(in a);
        ref var a1 = ref Unsafe.Add(ref a0, second * tile.RowStride);
        ref var a2 = ref Unsafe.Add(ref a0, third * tile.RowStride);
        ref var a3 = ref Unsafe.Add(ref a0, last * tile.RowStride);
        ref var b = ref Unsafe.AsRef(in panel);
        var (s00, s01) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, lanes));
        var (s10, s11) = (Vector256.LoadUnsafe(ref c1), Vector256.LoadUnsafe(ref c1, lanes));
        var (s20, s21) = (Vector256.LoadUnsafe(ref c2), Vector256.LoadUnsafe(ref c2, lanes));
        var (s30, s31) = (Vector256.LoadUnsafe(ref c3), Vector256.LoadUnsafe(ref c3, lanes));
        for (nint k = 0, at = 0; k < tile.Depth; k++, at += tile.DepthStride)
        {
            var b0 = Vector256.LoadUnsafe(ref b);
            var b1 = Vector256.LoadUnsafe(ref b, lanes);
            b = ref Unsafe.Add(ref b, 2 * lanes);
            var x = Vector256.Create(Unsafe.Add(ref a0, at));
            (s00, s01) = (s00 + (x * b0), s01 + (x * b1));
            x = Vector256.Create(Unsafe.Add(ref a1, at));
            (s10, s11) = (s10 + (x * b0), s11 + (x * b1));
            x = Vector256.Create(Unsafe.Add(ref a2, at));
            (s20, s21) = (s20 + (x * b0), s21 + (x * b1));
            x = Vector256.Create(Unsafe.Add(ref a3, at));
            (s30, s31) = (s30 + (x * b0), s31 + (x * b1));
        }

        s00.StoreUnsafe(ref c);
        s01.StoreUnsafe(ref c, lanes);
        s10.StoreUnsafe(ref c1);
        s11.StoreUnsafe(ref c1, lanes);
        s20.StoreUnsafe(ref c2);
        s21.StoreUnsafe(ref c2, lanes);
        s30.StoreUnsafe(ref c3);
        s31.StoreUnsafe(ref c3, lanes);
    }
}

namespace PortfolioProject.Numerics;

/// <summary>
/// Dense kernels over float or double, row-major. Results are the same to the last bit under every vector width and thread count: sums run in a
/// fixed order over fixed lanes, never by FMA. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static class Kernels
{
    /// <summary>Σ aᵢ·bᵢ: one running sum a lane of Vector256, the lanes then added in order, the rest of the elements last.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        RequireLength(b.Length, a.Length, 1, nameof(b));
        var left = MemoryMarshal.Cast<T, Vector256<T>>(a);
        var right = MemoryMarshal.Cast<T, Vector256<T>>(b);
        var lanes = Vector256<T>.Zero;
        for (var i = 0; i < left.Length; i++) lanes += left[i] * right[i];
        var sum = T.Zero;
        for (var lane = 0; lane < Vector256<T>.Count; lane++) sum += lanes[lane];
        for (var i = left.Length * Vector256<T>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>
    /// C = A·B with C [rows × columns] and inner dimension <paramref name="depth"/>. A is [rows × depth] ([depth × rows] with
    /// <paramref name="transposeA"/>: AᵀB); B is [depth × columns] ([columns × depth] with <paramref name="transposeB"/>: A·Bᵀ).
    /// </summary>
    public static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int depth, int columns,
        bool transposeA = false, bool transposeB = false) where T : unmanaged, IFloatingPointIeee754<T>
    {
        c.Clear();
        AddProduct(a, b, c, rows, depth, columns, transposeA, transposeB);
    }

    /// <summary>C += A·B; shapes as in <see cref="Multiply"/>.</summary>
    public static void AddProduct<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int depth, int columns,
        bool transposeA = false, bool transposeB = false) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var buffer = ArrayPool<T>.Shared.Rent(PackedMatrix<T>.Size(depth, columns));
        try { new PackedMatrix<T>(b, depth, columns, transposeB, buffer).AddProduct(a, c, rows, transposeA); }
        finally { ArrayPool<T>.Shared.Return(buffer); }
    }

    /// <summary>Turns logits into probabilities, shifted by their maximum so that none overflows; gives log Σ exp(logit).</summary>
    public static T Softmax<T>(Span<T> logits) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (max, sum) = (T.NegativeInfinity, T.Zero);
        foreach (var logit in logits) max = T.Max(max, logit);
        foreach (ref var logit in logits) sum += logit = T.Exp(logit - max);
        foreach (ref var logit in logits) logit /= sum;
        return max + T.Log(sum);
    }

    /// <summary>max(x, 0) in place.</summary>
    public static void Rectify<T>(Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector256<T>>(x);
        foreach (ref var vector in vectors) vector = Vector256.Max(vector, Vector256<T>.Zero);
        foreach (ref var rest in x[(vectors.Length * Vector256<T>.Count)..]) rest = T.Max(rest, T.Zero);
    }

    /// <summary>Writes <paramref name="row"/> over each row of <paramref name="matrix"/>.</summary>
    internal static void FillRows<T>(ReadOnlySpan<T> row, Span<T> matrix)
    {
        for (var at = 0; at < matrix.Length; at += row.Length) row.CopyTo(matrix[at..]);
    }

    internal static void RequireLength(int length, long rows, long columns, string name)
    {
        if (rows < 0 || columns < 0 || length != rows * columns) throw new ArgumentException($"{length} values where {rows} × {columns} are needed", name);
    }
}

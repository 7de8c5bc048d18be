namespace PortfolioProject.Grokking;

/// <summary>A pair (a, b) of residues; its class is (a + b) mod p.</summary>
public readonly record struct Pair(int A, int B);

/// <summary>
/// f(a, b) = (1/N)·W·h² with h = (U[a] + V[b]) / √(2p) (Gromov 2023, equation 1): the first layer sees the one-hot of a and of b, so its product
/// is a gather. U, V [p × N]; W [N × p]. Loss: ½ · mean over pairs of Σ over classes (f − y)². Gradients are derived by hand.
/// </summary>
public sealed class QuadraticNetwork(int modulus, Matrix u, Matrix v, Matrix w) : IModularNetwork
{
    private readonly double _inputScale = 1 / Math.Sqrt(2.0 * modulus), _outputScale = 1.0 / u.Columns;

    public int Modulus => modulus;
    public int Width => u.Columns;

    internal Matrix U => u;
    internal Matrix V => v;
    internal Matrix W => w;

    /// <summary>All weights standard normal: U, then V, then W.</summary>
    public static QuadraticNetwork Random(int modulus, int width, RandomStream stream)
    {
        Matrix Draw(int rows, int columns)
        {
            var matrix = new Matrix(rows, columns);
            foreach (ref var value in matrix.Values.AsSpan()) value = stream.Normal();
            return matrix;
        }

        var (a, b) = (Draw(modulus, width), Draw(modulus, width));
        return new QuadraticNetwork(modulus, a, b, Draw(width, modulus));
    }

    /// <summary>
    /// The paper's closed form: unit k has frequency s(k) and phases φ, ψ ~ U(0, 2π); U = cos(2πs·a/p + φ), V = cos(2πs·b/p + ψ),
    /// W = cos(2πs·q/p + φ + ψ). Products of cosines leave ½·Σ cos(2πs(a + b − q)/p), which is largest at q = a + b.
    /// </summary>
    public static QuadraticNetwork Analytic(int modulus, int width, RandomStream stream)
    {
        var (a, b, c) = (new Matrix(modulus, width), new Matrix(modulus, width), new Matrix(width, modulus));
        for (var k = 0; k < width; k++)
        {
            var (turn, first, second) = (2 * Math.PI * ((k % ((modulus - 1) / 2)) + 1) / modulus, 2 * Math.PI * stream.Unit(), 2 * Math.PI * stream.Unit());
            for (var r = 0; r < modulus; r++) (a[r, k], b[r, k], c[k, r]) = (Math.Cos((turn * r) + first), Math.Cos((turn * r) + second), Math.Cos((turn * r) + first + second));
        }

        return new QuadraticNetwork(modulus, a, b, c);
    }

    /// <summary>Outputs [pairs × p].</summary>
    public Matrix Forward(IReadOnlyList<Pair> pairs)
    {
        var outputs = Squared(Hidden(pairs)).Times(w);
        foreach (ref var value in outputs.Values.AsSpan()) value *= _outputScale;
        return outputs;
    }

    /// <summary>One step of full-batch gradient descent.</summary>
    public double Step(IReadOnlyList<Pair> train, double rate)
    {
        var (loss, du, dv, dw) = Gradient(train);
        foreach (var (weights, gradient) in new[] { (u, du), (v, dv), (w, dw) })
            for (var i = 0; i < weights.Values.Length; i++) weights.Values[i] -= rate * gradient.Values[i];
        return loss;
    }

    /// <summary>Loss, and its gradient by U, V and W.</summary>
    public (double Loss, Matrix U, Matrix V, Matrix W) Gradient(IReadOnlyList<Pair> pairs)
    {
        var hidden = Hidden(pairs);
        var squared = Squared(hidden);
        var errors = squared.Times(w);
        foreach (ref var value in errors.Values.AsSpan()) value *= _outputScale;
        for (var e = 0; e < pairs.Count; e++) errors[e, Label(pairs[e])] -= 1;
        var loss = Kernels.Dot<double>(errors.Values, errors.Values) / (2 * pairs.Count);
        foreach (ref var value in errors.Values.AsSpan()) value *= _outputScale / pairs.Count;
        var dw = squared.TransposeTimes(errors);
        var dh = errors.TimesTranspose(w);
        for (var i = 0; i < dh.Values.Length; i++) dh.Values[i] *= 2 * hidden.Values[i] * _inputScale;
        var (du, dv) = (new Matrix(modulus, Width), new Matrix(modulus, Width));
        for (var e = 0; e < pairs.Count; e++)
        {
            Add(du.Row(pairs[e].A), dh.Row(e));
            Add(dv.Row(pairs[e].B), dh.Row(e));
        }

        return (loss, du, dv, dw);
    }

    /// <summary>The share of pairs whose largest output is their class; the first of equals counts.</summary>
    public double Accuracy(IReadOnlyList<Pair> pairs)
    {
        var (outputs, right) = (Forward(pairs), 0);
        for (var e = 0; e < pairs.Count; e++)
        {
            var best = 0;
            var row = outputs.Row(e);
            for (var q = 1; q < row.Length; q++)
                if (row[q] > row[best]) best = q;
            right += best == Label(pairs[e]) ? 1 : 0;
        }

        return right / (double)pairs.Count;
    }

    private int Label(Pair pair) => (pair.A + pair.B) % modulus;

    private Matrix Hidden(IReadOnlyList<Pair> pairs)
    {
        var hidden = new Matrix(pairs.Count, Width);
        for (var e = 0; e < pairs.Count; e++)
        {
            var row = hidden.Row(e);
            ReadOnlySpan<double> first = u.Row(pairs[e].A), second = v.Row(pairs[e].B);
            for (var k = 0; k < row.Length; k++) row[k] = (first[k] + second[k]) * _inputScale;
        }

        return hidden;
    }

    private static Matrix Squared(Matrix hidden)
    {
        var squared = new Matrix(hidden.Rows, hidden.Columns);
        for (var i = 0; i < squared.Values.Length; i++) squared.Values[i] = hidden.Values[i] * hidden.Values[i];
        return squared;
    }

    private static void Add(Span<double> to, ReadOnlySpan<double> from)
    {
        for (var k = 0; k < to.Length; k++) to[k] += from[k];
    }
}

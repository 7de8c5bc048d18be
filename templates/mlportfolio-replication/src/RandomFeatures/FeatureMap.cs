using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// What a random feature computes from x with frequency w ~ N(0, σ⁻²·I) and phase b ~ U(0, 2π): Cosine cos(⟨w, x⟩ + b); Paired cos⟨w, x⟩ and
/// sin⟨w, x⟩ of one w as two features, no phase; Complex exp(i⟨w, x⟩); Relu max(0, ⟨w, x⟩ + b − π).
/// </summary>
public enum FeatureKind { Cosine, Paired, Complex, Relu }

/// <summary>Nested random features: the first N of a map are those of a smaller map of the same stream (Rahimi and Recht, 2007).</summary>
public sealed class FeatureMap
{
    private readonly Matrix _frequencies;
    private readonly double[] _phases;

    private FeatureMap(FeatureKind kind, Matrix frequencies, double[] phases) => (Kind, _frequencies, _phases) = (kind, frequencies, phases);

    public FeatureKind Kind { get; }

    /// <summary>Draws a frequency and then its phase, one after the other, for each of <paramref name="count"/> features.</summary>
    public static FeatureMap Draw(FeatureKind kind, int count, int inputs, double bandwidth, RandomStream stream)
    {
        var (frequencies, phases) = (new Matrix(count, inputs), new double[count]);
        for (var j = 0; j < count; j++)
        {
            if (kind == FeatureKind.Paired && j % 2 == 1)
            {
                frequencies.Row(j - 1).CopyTo(frequencies.Row(j));
                phases[j] = -Math.PI / 2;
                continue;
            }

            foreach (ref var w in frequencies.Row(j)) w = stream.Normal() / bandwidth;
            phases[j] = kind == FeatureKind.Paired ? 0 : 2 * Math.PI * stream.Unit();
        }

        return new FeatureMap(kind, frequencies, phases);
    }

    /// <summary>Rows of <see cref="Apply"/> that <paramref name="width"/> features take.</summary>
    public int Rows(int width) => Kind == FeatureKind.Complex ? 2 * width : width;

    /// <summary>The squared scale of one of <paramref name="width"/> features: with it, products of features approach the Gaussian kernel.</summary>
    public double Scale(int width) => (Kind == FeatureKind.Complex ? 1.0 : 2.0) / width;

    /// <summary>
    /// Unscaled features, transposed: row j holds feature j of every row of <paramref name="x"/> [n × inputs], so that the first N rows are the
    /// smaller map. A complex map stands for the real system with twice the rows and columns: features 2j and 2j + 1 of row i are
    /// (cos, −sin), those of row n + i (sin, cos).
    /// </summary>
    public Matrix Apply(Matrix x)
    {
        var (angles, n) = (_frequencies.TimesTranspose(x), x.Rows);
        if (Kind == FeatureKind.Complex)
        {
            var both = new Matrix(2 * angles.Rows, 2 * n);
            for (var j = 0; j < angles.Rows; j++)
                for (var i = 0; i < n; i++)
                {
                    var (sin, cos) = Math.SinCos(angles[j, i]);
                    (both[2 * j, i], both[2 * j, n + i], both[(2 * j) + 1, i], both[(2 * j) + 1, n + i]) = (cos, sin, -sin, cos);
                }

            return both;
        }

        for (var j = 0; j < angles.Rows; j++)
            foreach (ref var z in angles.Row(j)) z = Kind == FeatureKind.Relu ? Math.Max(0, z + _phases[j] - Math.PI) : Math.Cos(z + _phases[j]);
        return angles;
    }
}

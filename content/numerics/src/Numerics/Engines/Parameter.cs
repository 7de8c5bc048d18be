namespace PortfolioProject.Numerics;

/// <summary>
/// Values with their gradient and Adam's moments (Kingma, Ba 2015; β₁ 0.9, β₂ 0.999, ε 1e-8) with decoupled weight decay (Loshchilov, Hutter
/// 2019). Arrays are padded to whole vectors; the padding stays 0.
/// </summary>
internal sealed class Parameter(int count, bool decays)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly double[] _values = Padded(count), _gradient = Padded(count), _mean = Padded(count), _square = Padded(count);

    public Span<double> Values => _values.AsSpan(0, count);
    public Span<double> Gradient => _gradient.AsSpan(0, count);

    /// <summary>Adam's step number <paramref name="step"/> (from 1) along the gradient, at this learning rate.</summary>
    public void Step(int step, double rate, double weightDecay)
    {
        var kept = Vector256.Create(decays ? 1 - (rate * weightDecay) : 1);
        var stepSize = Vector256.Create(rate / (1 - Math.Pow(Beta1, step)));
        var root = Vector256.Create(Math.Sqrt(1 - Math.Pow(Beta2, step)));
        var values = Vectors(_values);
        var gradient = Vectors(_gradient);
        var mean = Vectors(_mean);
        var square = Vectors(_square);
        for (var i = 0; i < values.Length; i++)
        {
            mean[i] = (mean[i] * Beta1) + (gradient[i] * (1 - Beta1));
            square[i] = (square[i] * Beta2) + (gradient[i] * gradient[i] * (1 - Beta2));
            var denominator = (Vector256.Sqrt(square[i]) / root) + Vector256.Create(Epsilon);
            values[i] = (values[i] * kept) - (stepSize * (mean[i] / denominator));
        }
    }

    private static double[] Padded(int count) => new double[(count + 3) / 4 * 4];

    private static Span<Vector256<double>> Vectors(double[] values) => MemoryMarshal.Cast<double, Vector256<double>>(values.AsSpan());
}

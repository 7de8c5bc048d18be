namespace PortfolioProject.ConfidentLearning;

/// <summary>Class probabilities, n rows by K classes, row-major. Values are finite and not negative; else an <see cref="ArgumentException"/>.</summary>
public sealed class Probabilities
{
    private readonly double[] _values;

    public Probabilities(double[] values, int classes)
    {
        if (classes < 2 || values.Length % classes != 0) throw new ArgumentException($"{values.Length} values are no rows of {classes} classes (at least 2)");
        if (Array.FindIndex(values, v => !(v >= 0 && double.IsFinite(v))) is var bad and >= 0)
            throw new ArgumentException($"row {bad / classes}, class {bad % classes}: {values[bad]} is no probability");
        (_values, Classes) = (values, classes);
    }

    public int Classes { get; }

    public int Rows => _values.Length / Classes;

    public double this[int row, int label] => _values[(row * Classes) + label];

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Classes, Classes);

    /// <summary>The first class of the largest probability.</summary>
    public int Argmax(int row) => Largest(Row(row));

    /// <summary>The first index of the largest value.</summary>
    public static int Largest(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var k = 1; k < values.Length; k++) best = values[k] > values[best] ? k : best;
        return best;
    }

    internal void Check(IReadOnlyList<int> labels)
    {
        if (labels.Count != Rows) throw new ArgumentException($"{labels.Count} labels for {Rows} rows of probabilities");
        if (labels.Index().Where(l => l.Item < 0 || l.Item >= Classes).ToList() is [var (i, label), ..]) throw new ArgumentException($"row {i}: label {label} is not one of {Classes} classes");
    }
}

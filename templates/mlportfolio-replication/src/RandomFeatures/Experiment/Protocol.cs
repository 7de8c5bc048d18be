namespace PortfolioProject.RandomFeatures;

/// <summary>
/// How weights are chosen. Without penalties: least squares of minimum norm, where singular values below <see cref="Truncation"/> of the
/// largest count as zero (0 solves exactly). With penalties: ridge with the one that leave-one-out prefers.
/// </summary>
public sealed record Method(string Name, double Truncation, IReadOnlyList<double> Penalties);

/// <summary>What one experiment fixes before it runs. Widths are numbers of features, in growing order.</summary>
public sealed record Protocol(int Samples, IReadOnlyList<int> Widths, IReadOnlyList<double> Noise, double Bandwidth, FeatureKind Features, IReadOnlyList<Method> Methods)
{
    /// <summary>Whether inputs are centred and scaled by mean and deviation of the training rows.</summary>
    public bool Standardize { get; init; }
}

/// <summary>What a predictor did at one width and label noise.</summary>
/// <param name="Method">A method's name, or "kernel" for the limit.</param>
/// <param name="Width">Number of features; null for the kernel limit.</param>
/// <param name="Penalty">The ridge penalty that leave-one-out chose; null without one.</param>
/// <param name="TrainLoss">Mean over training rows of the squared error, summed over outputs.</param>
/// <param name="TestLoss">The same over the test rows, against clean labels.</param>
/// <param name="TestError">Share of test rows whose largest output is not the label.</param>
/// <param name="Norm">Euclidean norm of all weights (in the kernel limit: of the function in its Hilbert space).</param>
/// <param name="KernelDistance">Root mean square difference of test outputs from the kernel limit's.</param>
public sealed record CellResult(string Method, double Noise, int? Width, double? Penalty, double TrainLoss, double TestLoss, double TestError, double Norm, double KernelDistance);

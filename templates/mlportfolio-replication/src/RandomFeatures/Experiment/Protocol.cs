namespace PortfolioProject.RandomFeatures;

/// <summary>What one experiment fixes before it runs. Widths are numbers of features, in growing order.</summary>
public sealed record Protocol(int Samples, IReadOnlyList<int> Widths, IReadOnlyList<double> Noise, IReadOnlyList<double> Lambdas, double Bandwidth, FeatureKind Features = FeatureKind.Cosine)
{
    /// <summary>Singular values below this share of the largest count as zero in the minimum-norm solution; 0 solves exactly.</summary>
    public double Truncation { get; init; }
}

/// <summary>What a predictor did at one width and label noise.</summary>
/// <param name="Method">"minimum-norm", "ridge" or "kernel".</param>
/// <param name="Width">Number of features; null for the kernel limit.</param>
/// <param name="Lambda">The ridge penalty that leave-one-out chose; null without one.</param>
/// <param name="TrainError">Mean over training rows of the squared error, summed over outputs.</param>
/// <param name="TestLoss">The same over the test rows, against clean labels.</param>
/// <param name="TestError">Share of test rows whose largest output is not the label.</param>
/// <param name="Norm">Euclidean norm of all weights (in the kernel limit: of the function in its Hilbert space).</param>
/// <param name="KernelDistance">Root mean square difference of test outputs from the kernel limit's.</param>
public sealed record CellResult(string Method, double Noise, int? Width, double? Lambda, double TrainError, double TestLoss, double TestError, double Norm, double KernelDistance);

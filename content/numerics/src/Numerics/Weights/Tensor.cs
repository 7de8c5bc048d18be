namespace PortfolioProject.Numerics;

/// <summary>Float32 values, row-major, with their shape.</summary>
public sealed record Tensor(IReadOnlyList<int> Shape, float[] Values);

namespace PortfolioProject.Modeling;

/// <summary>The engine that this repository trains and predicts with. Nothing else names one.</summary>
public static class ModelEngine
{
    /// <param name="root">The repository, whose configuration an engine may read.</param>
    public static IModelEngine Of(string root) => new BuiltinEngine();
}

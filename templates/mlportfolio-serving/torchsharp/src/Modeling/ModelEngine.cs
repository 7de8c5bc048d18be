using PortfolioProject.Torch;

namespace PortfolioProject.Modeling;

/// <summary>The engine that this repository trains and predicts with. Nothing else names one.</summary>
public static class ModelEngine
{
    /// <param name="root">The repository, whose configs/torch.yaml says on which device.</param>
    public static IModelEngine Of(string root) => new TorchEngine(TorchConfig.Load(root));
}

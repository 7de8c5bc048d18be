using PortfolioProject.Torch;

namespace PortfolioProject.Cli;

/// <summary>What trains the networks of the second paper, on the device of configs/torch.yaml. Nothing else names an engine.</summary>
internal static class Engine
{
    public static ModularEngine Modular => TorchModular.Engine(TorchConfig.Load(Repository.FindRoot(Environment.CurrentDirectory)));
}

using PortfolioProject.Evidence;
using PortfolioProject.Grokking;
using PortfolioProject.Torch;

namespace PortfolioProject.Cli;

/// <summary>What trains the networks of the second paper, on the device of configs/torch.yaml. Nothing else names an engine.</summary>
internal static class ModularEngine
{
    public static IModularEngine Create() => new TorchModularEngine(TorchConfig.Load(Repository.FindRoot(Environment.CurrentDirectory)));
}

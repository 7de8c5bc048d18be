using PortfolioProject.Grokking;

namespace PortfolioProject.Cli;

/// <summary>What trains the networks of the second paper. Nothing else names an engine.</summary>
internal static class ModularEngine
{
    public static IModularEngine Create() => new BuiltinModularEngine();
}

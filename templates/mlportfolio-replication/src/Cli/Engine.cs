namespace PortfolioProject.Cli;

/// <summary>What trains the networks of the second paper. Nothing else names an engine.</summary>
internal static class Engine
{
    public static ModularEngine Modular { get; } = ModularEngine.Builtin;
}

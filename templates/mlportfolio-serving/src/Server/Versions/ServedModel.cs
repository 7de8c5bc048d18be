namespace PortfolioProject.Server;

/// <summary>Ready: there is a model to predict with. Problem: why there is none, or why the last change was refused while the model before it goes on.</summary>
public sealed record ModelState(bool Ready, string? Problem);

/// <summary>A loaded version in a role: stable, canary, or named (asked for by its number). Requests and what is observed belong to the version, whatever its role.</summary>
public sealed record ServedModel(Bundle Bundle, string Role, ModelMonitor Monitor)
{
    public string Version => Bundle.Manifest.Version;

    public ModelSignature Signature { get; } = new(Bundle.Manifest);

    internal ServedModel In(string other) => other == Role ? this : this with { Role = other };
}

namespace PortfolioProject.Server;

/// <summary>Ready: there is a model to predict with. Problem: why there is none, or why the last change was refused while the model before it goes on.</summary>
public sealed record ModelState(bool Ready, string? Problem);

/// <summary>A loaded version in a role: stable, canary, or named (asked for by its number). Requests and what is observed belong to the version, whatever its role.</summary>
public sealed class ServedModel(Bundle bundle, string role, ModelMonitor monitor)
{
    public Bundle Bundle => bundle;

    public string Version => bundle.Manifest.Version;

    public string Role => role;

    public ModelMonitor Monitor => monitor;

    public ModelSignature Signature { get; } = new(bundle.Manifest);

    internal ServedModel In(string other) => other == role ? this : new ServedModel(bundle, other, monitor);
}

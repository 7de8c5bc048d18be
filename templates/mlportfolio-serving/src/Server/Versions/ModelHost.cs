using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using PortfolioProject.Modeling;
using PortfolioProject.Monitoring;
using PortfolioProject.Numerics;
using PortfolioProject.Protocol;
namespace PortfolioProject.Server;
public sealed record ModelState(bool Ready, string? Problem);
public sealed class ServedModel(Bundle bundle, string role, ModelMonitor monitor)
{
    public Bundle Bundle => bundle;
    public string Version => bundle.Manifest.Version;
    public string Role => role;
    public ModelMonitor Monitor => monitor;
    public ModelSignature Signature { get; } = new(bundle.Manifest);
}
public sealed class ModelHost
{
    readonly ServedModel? _m;
    public ModelHost(ModelRegistry registry, IModelEngine engine, PredictionLog log, ServingConfig config, TimeProvider clock, ILogger logger)
    {
        Name = registry.Name; Versions = registry.Versions;
        var b = Bundle.Load(registry.FolderOf(registry.State().Stable ?? Versions[^1]), engine);
        _m = new ServedModel(b, "stable", new ModelMonitor(b.Manifest, log, config.Monitoring.Drift, clock.GetUtcNow()));
    }
    public string Name { get; }
    public IReadOnlyList<string> Versions { get; }
    public ModelState State => new(_m is not null, null);
    public ServedModel? Choose(string? stickyKey, string? version) => version is null || version == _m!.Version ? _m : null;
    public string? ClusterOf(string? stickyKey) => null;
    public void Answered(ServedModel model, in PredictionOutcome outcome, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> probabilities) => model.Monitor.Record(outcome, rows.Span, probabilities.Span);
    public void Failed(ServedModel model) { }
    public Task FollowAsync(CancellationToken cancel) => Task.CompletedTask;
}
internal static class Operations
{
    public static void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder keyed, IEndpointRouteBuilder admin, ServerContext context) { }
}

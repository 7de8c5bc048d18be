using System.Runtime.InteropServices;

namespace PortfolioProject.Server;

/// <summary>The dashboard's way to change roles: the same gate and the same log as the command line's. A <see cref="UserError"/> says why not; then nothing has changed.</summary>
internal sealed class VersionControl(ServerContext context)
{
    private const int RecentRequests = 2_000;
    private const string Asked = "asked for";

    private readonly ModelHost _models = context.Models;
    private readonly Lock _gate = new();

    public RegistryState Promote(VersionRequest request)
    {
        var version = Known(request);
        var features = _models.Roster.Stable?.Signature.Features ?? 0;
        var recent = PredictionLog.Newest(context.Predictions.Folder, RecentRequests).Select(r => MemoryMarshal.Cast<byte, float>(r.Inputs).ToArray()).Where(r => features > 0 && r.Length % features == 0).ToList();
        lock (_gate)
        {
            var rules = File.Exists(Path.Combine(context.Options.Root, TrainingConfig.File)) ? TrainingConfig.Load(context.Options.Root).Promotion : new PromotionConfig();
            var failed = PromotionGate.Judge(_models.Registry, version, _models.Engine, rules, recent.SelectMany(r => r).ToArray(), $"{recent.Count} logged requests").Where(s => !s.Passed).ToList();
            if (failed.Count > 0) throw new UserError($"version {version} does not pass the gate: {string.Join("; ", failed.Select(s => $"{s.Name}: {s.Detail}"))}");
            return Append("promote", version, null, "passed the gate");
        }
    }

    public RegistryState RollBack(VersionRequest request)
    {
        var state = _models.Registry.State();
        var version = request.Version is null ? state.Previous ?? throw new UserError("there is no version to go back to") : Known(request);
        _models.Registry.Load(version, _models.Engine);
        return Append("rollback", version, null, $"from {(version == state.Canary ? "canary" : state.Stable)}");
    }

    public RegistryState Canary(VersionRequest request) => request.Share is > 0 and <= 1 ? Append("canary", LikeStable(Known(request)), request.Share, Asked)
        : throw new UserError("not a share", field: "share", expected: "a number above 0, at most 1", got: request.Share is null ? "none" : "another number");

    public RegistryState Shadow(VersionRequest request) => Append("shadow", LikeStable(Known(request)), null, Asked);

    public RegistryState Clear(VersionRequest request) => Append("clear", request.Version is null ? null : Known(request), null, Asked);

    private RegistryState Append(string action, string? version, double? share, string reason)
    {
        try { _models.Registry.Append(new Promotion(context.Options.Clock.GetUtcNow(), action, version, share, "dashboard", reason)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UserError("the promotion log cannot be written; nothing has changed") { Code = ExitCode.Incomplete }; }
        _models.Refresh();
        return _models.Registry.State();
    }

    private string Known(VersionRequest request) => request.Version is { } version && _models.Registry.Versions.Contains(version) ? version
        : throw new UserError("no such version", field: "version", expected: "one of " + string.Join(", ", _models.Registry.Versions), got: request.Version is null ? "none" : "another text");

    private string LikeStable(string version) => _models.Roster.Stable is { } stable && stable.Version != version && _models.Registry.Load(version, _models.Engine).Manifest.AnswersLike(stable.Bundle.Manifest) ? version
        : throw new UserError($"version {version} is the stable one, or has other features or classes");
}

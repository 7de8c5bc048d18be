namespace PortfolioProject.Server;

/// <summary>
/// The models behind the endpoints. It follows the registry's promotion log: a version that gets a role is loaded (every digest, the golden
/// rows, which also warms it), then the roles are swapped by one reference. A version that cannot be loaded, or that asks for other columns or
/// gives other classes than the one that serves, changes nothing: what served goes on, and <see cref="State"/> tells why. Thread-safe.
/// </summary>
public sealed class ModelHost(ModelRegistry registry, IModelEngine engine, PredictionLog log, ServingConfig config, TimeProvider clock, ILogger logger)
{
    private const int OthersKept = 8;
    private const string Refused = "Model {Model}: {Problem}";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), Retry = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServedModel> _loaded = [];
    private readonly Queue<string> _others = [];
    private volatile Roster _roster = Roster.Empty;
    private (long, DateTime, DateTime) _seen;
    private long _tried;
    private string? _ended;

    public string Name => registry.Name;

    /// <summary>All versions of the registry, loaded or not.</summary>
    public IReadOnlyList<string> Versions => _roster.Versions;

    public ModelState State => Roster.State;

    internal Roster Roster => _roster;

    internal ModelRegistry Registry => registry;

    internal IModelEngine Engine => engine;

    /// <summary>
    /// Without a version: the stable one, or the canary for its share of the requests; a sticky key always gets the same answer to that. With one:
    /// that version, loaded if need be. Null: there is none, or it cannot be loaded.
    /// </summary>
    public ServedModel? Choose(string? stickyKey, string? version)
    {
        var roster = _roster;
        return roster.Choose(stickyKey, version) ?? (version is not null && roster.Versions.Contains(version) && !roster.Refused.ContainsKey(version) ? LoadOther(version) : null);
    }

    /// <summary>To be called before the answer is sent: logs and observes it, and lets the shadow predict it too.</summary>
    public void Answered(ServedModel model, in PredictionOutcome outcome, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> probabilities)
    {
        model.Monitor.Record(outcome, rows.Span, probabilities.Span);
        if (_roster.Shadow is { } shadow && model.Role == "stable") shadow.Offer(rows.Span, probabilities.Span);
    }

    /// <summary>A prediction that came to nothing. A canary with too many of them is rolled back at once.</summary>
    public void Failed(ServedModel model)
    {
        model.Monitor.CountError();
        if (model.Role != "canary" || config.Canary.Objection(model.Monitor.Errors, model.Monitor.Requests + model.Monitor.Errors) is not { } reason) return;
        lock (_gate)
        {
            if (_roster.Canary?.Version != model.Version) return;
            logger.LogError("Canary {Version} is rolled back: {Reason}", model.Version, reason);
            // Not by way of the log: a disk that is full does not keep a failing canary alive.
            _roster = _roster with { Canary = null };
            _ended = model.Version;
        }

        _ = Task.Run(() =>
        {
            try { registry.Append(new Promotion(clock.GetUtcNow(), "rollback", model.Version, null, "auto", reason)); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { logger.LogError(e, "Model {Model}: the rollback could not be written to the promotion log", Name); }
        });
    }

    /// <summary>Follows the registry until it is cancelled; never throws.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(Poll, CancellationToken.None).WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Stamp() != _seen || (_roster is { Problem: not null } or { Refused.Count: > 0 } && clock.GetElapsedTime(_tried) > Retry)) Refresh();
        }
    }

    /// <summary>Brings the roles in line with the registry, now.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var (old, refused) = (_roster, new Dictionary<string, string>());
            (_seen, _tried) = (Stamp(), clock.GetTimestamp());
            try
            {
                var (history, versions) = (registry.History(), registry.Versions);
                var roles = RegistryState.Of(history);
                var stable = Load(roles.Stable, old.Stable, refused)?.In("stable") ?? old.Stable ?? Load(roles.Previous, null, refused)?.In("stable");
                _ended = roles.Canary == _ended ? _ended : null;
                var (canary, shadow) = (roles.Canary == _ended ? null : Load(roles.Canary, stable, refused)?.In("canary"), Load(roles.Shadow, stable, refused));
                var wanted = refused.Where(r => r.Key == roles.Stable || r.Key == roles.Canary || r.Key == roles.Shadow).Select(r => $"version {r.Key}: {r.Value}").ToList();
                var problem = roles.Stable is null ? "no version is promoted: dotnet run --project src/Cli -- promote VERSION" : wanted.Count == 0 ? null : string.Join("; ", wanted);
                Load(roles.Previous, null, refused);
                var run = shadow is null ? null : old.Shadow?.Version == shadow.Version ? old.Shadow : new ShadowRun(shadow.Bundle);
                Forget(stable?.Version, canary?.Version, shadow?.Version, roles.Previous);
                _roster = new Roster(roles, history, versions, stable, canary, run, Named(), refused.ToFrozenDictionary(), problem);
                if (old.Shadow != run) old.Shadow?.Dispose();
                if (problem is not null && problem != old.Problem) logger.LogError(Refused, Name, problem);
                if (stable?.Version != old.Stable?.Version) logger.LogInformation("Model {Model}: stable is {Version}, was {Before}", Name, stable?.Version, old.Stable?.Version);
            }
            catch (Exception e) when (e is UserError or IOException or UnauthorizedAccessException)
            {
                _roster = old with { Problem = e.Message };
                if (e.Message != old.Problem) logger.LogError(Refused, Name, e.Message);
            }
        }
    }

    /// <summary>A version in no role yet, or null; what is loaded stays loaded. A version whose signature differs from that of <paramref name="like"/> is refused.</summary>
    private ServedModel? Load(string? version, ServedModel? like, Dictionary<string, string> refused)
    {
        if (version is null || refused.ContainsKey(version)) return null;
        try
        {
            if (!_loaded.TryGetValue(version, out var model))
            {
                var bundle = registry.Load(version, engine);
                model = new ServedModel(bundle, "named", new ModelMonitor(bundle.Manifest, log, config.Monitoring.Drift, clock.GetUtcNow()));
            }

            if (like is not null && !model.Bundle.Manifest.AnswersLike(like.Bundle.Manifest)) throw new UserError($"its features or classes are not those of version {like.Version}, which serves");
            return _loaded[version] = model;
        }
        catch (Exception e) when (e is UserError or IOException or UnauthorizedAccessException)
        {
            refused[version] = e.Message;
            return null;
        }
    }

    private ServedModel? LoadOther(string version)
    {
        lock (_gate)
        {
            var refused = _roster.Refused.ToDictionary();
            if (Load(version, null, refused) is { } model && !_others.Contains(version)) _others.Enqueue(version);
            Forget(_roster.Stable?.Version, _roster.Canary?.Version, _roster.Shadow?.Version, _roster.Roles.Previous);
            _roster = _roster with { Loaded = Named(), Refused = refused.ToFrozenDictionary() };
            return _roster.Loaded.GetValueOrDefault(version);
        }
    }

    /// <summary>Keeps what has a role, and a few that were asked for by number.</summary>
    private void Forget(params string?[] needed)
    {
        while (_others.Count > OthersKept) _others.Dequeue();
        foreach (var version in _loaded.Keys.Where(v => !needed.Contains(v) && !_others.Contains(v)).ToList()) _loaded.Remove(version);
    }

    private FrozenDictionary<string, ServedModel> Named() => _loaded.ToFrozenDictionary(m => m.Key, m => m.Value.In("named"));

    private (long, DateTime, DateTime) Stamp() => new FileInfo(registry.Log) is { Exists: true } file
        ? (file.Length, file.LastWriteTimeUtc, Directory.GetLastWriteTimeUtc(registry.Folder)) : (0, default, Directory.GetLastWriteTimeUtc(registry.Folder));
}

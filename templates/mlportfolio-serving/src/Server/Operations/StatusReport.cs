using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace PortfolioProject.Server;

/// <summary>GET /api/status: all that the dashboard shows, of one moment. Promotions and errors: the newest first. Trial: the canary read against the stable version.</summary>
internal sealed record Status(DateTimeOffset At, ServiceStatus Service, ModelForm? Model, Traffic Traffic, DriftStatus? Drift, IEnumerable<VersionStatus> Versions, ShadowReport? Shadow,
    ArmComparison? Trial, IEnumerable<Promotion> Promotions, IEnumerable<QualityReport> Quality, IEnumerable<RecentError> Errors, LogStatus Log, FeedbackStatus Feedback);

internal sealed record ServiceStatus(string Environment, DateTimeOffset Started, bool Ready, string? Reason, IEnumerable<StartupStage> Startup);

internal sealed record StartupStage(string Stage, double Milliseconds);

/// <summary>What a form for the stable version needs.</summary>
internal sealed record ModelForm(string Name, string Version, IReadOnlyList<string> Classes, IEnumerable<FeatureRange> Features);

internal sealed record FeatureRange(string Name, double Min, double Max);

/// <summary>The window that is filling, once it has the rows needed, else the last complete one.</summary>
internal sealed record DriftStatus(int Rows, int Needed, int WindowRows, bool Complete, bool Alarm, long Windows, long Alarms, IReadOnlyList<FeatureDrift> Features, DataQualityReport Quality);

internal sealed record VersionStatus(string Version, string Role, double? Share, string? Architecture, DateTimeOffset? Created, string? Digest, IReadOnlyDictionary<string, double>? Metrics, long Requests, long Errors, string? Problem);

internal sealed record LogStatus(long Written, long Lost, long Bytes, string? Error);

internal sealed record FeedbackStatus(int Entries, int Unreadable);

/// <summary>Puts the status together.</summary>
internal sealed class StatusReport(ServerContext context)
{
    private const int Promotions = 20, Resamples = 2_000;

    private (string, string, int, ArmComparison)? _trial;

    public static JsonSerializerOptions Dialect { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public byte[] Write()
    {
        var (roster, feedback, options, log) = (context.Models.Roster, context.Feedback.Entries, context.Options, context.Predictions);
        var service = new ServiceStatus(options.Environment, context.Started, roster.State.Ready, roster.State.Problem, options.Startup.Stages.Select(s => new StartupStage(s.Stage, s.Milliseconds)));
        var form = roster.Stable?.Bundle.Manifest is { } m ? new ModelForm(m.Name, m.Version, m.Classes, m.Features.Select(f => new FeatureRange(f.Name, f.Min, f.Max))) : null;
        return JsonSerializer.SerializeToUtf8Bytes(new Status(options.Clock.GetUtcNow(), service, form, context.Metrics.Report(context.InFlight()), roster.Stable is null ? null : Drift(roster.Stable.Monitor),
            roster.Versions.Select(v => Version(roster, v)), roster.Shadow?.Report(), Trial(roster, feedback), roster.History.TakeLast(Promotions).Reverse(),
            roster.Models.Select(m => m.Monitor.Quality(feedback)), context.Metrics.RecentErrors.Reverse(), new LogStatus(log.Written, log.Lost, log.Bytes, log.LastError),
            new FeedbackStatus(context.Feedback.Count, context.Feedback.Unreadable)), Dialect);
    }

    private DriftStatus Drift(ModelMonitor monitor)
    {
        var report = monitor.Drift.Report();
        var window = report.Current.Features.Count > 0 || report.Last is null ? report.Current : report.Last;
        return new DriftStatus(window.Rows, DriftMonitor.LeastRows, context.Config.Monitoring.Drift.WindowRows, window.Complete, window.Alarm, report.Windows, report.Alarms, window.Features, monitor.DataQuality.Report());
    }

    private static VersionStatus Version(Roster roster, string version)
    {
        var (model, share) = (roster.Loaded.GetValueOrDefault(version), roster.Canary?.Version == version ? roster.Roles.CanaryShare : (double?)null);
        var manifest = model?.Bundle.Manifest;
        return new VersionStatus(version, roster.RoleOf(version), share, manifest?.Architecture, manifest?.Created, model?.Bundle.Digest, manifest?.Metrics, model?.Monitor.Requests ?? 0, model?.Monitor.Errors ?? 0,
            roster.Refused.GetValueOrDefault(version));
    }

    /// <summary>The A/B reading; computed anew only when there is new feedback.</summary>
    private ArmComparison? Trial(Roster roster, IReadOnlyList<FeedbackEntry> feedback)
    {
        if (roster is not { Stable: { } stable, Canary: { } canary }) return null;
        if (_trial is not var (a, b, n, reading) || (a, b, n) != (stable.Version, canary.Version, context.Feedback.Count))
            _trial = (stable.Version, canary.Version, context.Feedback.Count, reading = ArmComparison.Read(stable.Version, canary.Version, feedback, canary.Bundle.Manifest.Seed, Resamples));
        return reading;
    }
}

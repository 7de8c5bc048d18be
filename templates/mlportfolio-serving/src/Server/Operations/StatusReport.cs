using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace PortfolioProject.Server;

/// <summary>GET /api/status: all that the dashboard shows, of one moment. Promotions and errors: the newest first. Trial: the canary read against the stable version.</summary>
internal sealed class StatusReport(ServerContext context)
{
    private const int Promotions = 20, Resamples = 2_000;

    private (string, string, int, ArmComparison)? _trial;

    public static JsonSerializerOptions Dialect { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public byte[] Write()
    {
        var (roster, feedback, options, log) = (context.Models.Roster, context.Feedback.Entries, context.Options, context.Predictions);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            at = options.Clock.GetUtcNow(),
            service = new { options.Environment, context.Started, roster.State.Ready, reason = roster.State.Problem, startup = options.Startup.Stages.Select(s => new { s.Stage, s.Milliseconds }) },
            model = roster.Stable?.Bundle.Manifest is { } m ? new { m.Name, m.Version, m.Classes, features = m.Features.Select(f => new { f.Name, f.Min, f.Max }) } : null,
            traffic = context.Metrics.Report(context.InFlight()),
            drift = roster.Stable is null ? null : Drift(roster.Stable.Monitor),
            versions = roster.Versions.Select(v => Version(roster, v)),
            shadow = roster.Shadow?.Report(),
            trial = Trial(roster, feedback),
            promotions = roster.History.TakeLast(Promotions).Reverse(),
            quality = roster.Models.Select(m => m.Monitor.Quality(feedback)),
            errors = context.Metrics.RecentErrors.Reverse(),
            log = new { log.Written, log.Lost, log.Bytes, error = log.LastError },
            feedback = new { entries = context.Feedback.Count, context.Feedback.Unreadable },
        }, Dialect);
    }

    /// <summary>The window that is filling, once it has the rows needed, else the last complete one.</summary>
    private object Drift(ModelMonitor monitor)
    {
        var report = monitor.Drift;
        var window = report.Current.Features.Count > 0 || report.Last is null ? report.Current : report.Last;
        return new { window.Rows, needed = DriftMonitor.LeastRows, context.Config.Monitoring.Drift.WindowRows, window.Complete, window.Alarm, report.Windows, report.Alarms, window.Features, quality = monitor.DataQuality };
    }

    private static object Version(Roster roster, string version)
    {
        var (model, share) = (roster.Loaded.GetValueOrDefault(version), roster.Canary?.Version == version ? roster.Roles.CanaryShare : (double?)null);
        var manifest = model?.Bundle.Manifest;
        return new { version, role = roster.RoleOf(version), share, manifest?.Architecture, manifest?.Created, model?.Bundle.Digest, manifest?.Metrics, requests = model?.Monitor.Requests ?? 0, errors = model?.Monitor.Errors ?? 0, problem = roster.Refused.GetValueOrDefault(version) };
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

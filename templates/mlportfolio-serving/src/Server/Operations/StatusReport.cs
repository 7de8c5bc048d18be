using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Server;

/// <summary>GET /api/status: all that the dashboard shows, of one moment.</summary>
internal sealed class StatusReport(ServerContext context)
{
    private const int Promotions = 20, Resamples = 2_000;

    public static JsonSerializerOptions Dialect { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private (string, string, int, ArmComparison)? _trial;

    public byte[] Write()
    {
        var (roster, feedback, options) = (context.Models.Roster, context.Feedback.Entries, context.Options);
        var (traffic, model, shadow) = (context.Metrics.Report(), roster.Stable?.Bundle.Manifest, roster.Shadow?.Report());
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            at = options.Clock.GetUtcNow(),
            service = new
            {
                environment = options.Environment,
                started = context.Started,
                ready = roster.State.Ready,
                reason = roster.State.Problem,
                startup = options.Startup.Stages.Select(s => new { stage = s.Stage, milliseconds = s.Milliseconds }),
            },
            model = model is null ? null : new { name = model.Name, version = model.Version, classes = model.Classes, features = model.Features.Select(f => new { f.Name, f.Min, f.Max }) },
            traffic = new { traffic.Total, traffic.Failed, traffic.Refused, traffic.Shed, traffic.PerSecond, traffic.WindowSeconds, traffic.Latency, inFlight = context.InFlight() },
            drift = roster.Stable is null ? null : Drift(roster.Stable.Monitor, context.Config.Monitoring.Drift),
            versions = roster.Versions.Select(v => Version(roster, v)),
            shadow = shadow is null ? null : new { shadow.Version, n = shadow.Rows, shadow.Differ, rate = shadow.Rows == 0 ? (double?)null : (double)shadow.Differ / shadow.Rows, shadow.Interval?.Low, shadow.Interval?.High, shadow.Skipped },
            trial = Trial(roster, feedback),
            promotions = roster.History.TakeLast(Promotions).Reverse(),
            quality = roster.Loaded.Values.OrderBy(m => m.Version, StringComparer.Ordinal).Select(m => Quality(m.Monitor.Quality(feedback))),
            errors = context.Metrics.RecentErrors.Reverse().Select(e => new { e.At, e.Status, path = e.Endpoint, e.Message }),
            log = new { context.Predictions.Written, context.Predictions.Lost, bytes = context.Predictions.Bytes, error = context.Predictions.LastError },
            feedback = new { entries = context.Feedback.Count, unreadable = context.Feedback.Unreadable },
        }, Dialect);
    }

    /// <summary>The A/B reading; computed anew only when there is new feedback.</summary>
    private ArmComparison? Trial(Roster roster, IReadOnlyList<FeedbackEntry> feedback)
    {
        if (roster is not { Stable: { } stable, Canary: { } canary }) return null;
        if (_trial is not var (a, b, n, reading) || (a, b, n) != (stable.Version, canary.Version, context.Feedback.Count))
            _trial = (stable.Version, canary.Version, context.Feedback.Count, reading = ArmComparison.Read(stable.Version, canary.Version, feedback, canary.Bundle.Manifest.Seed, Resamples));
        return reading;
    }

    /// <summary>The last window that was complete; before the first one, what is filling.</summary>
    private static object Drift(ModelMonitor monitor, DriftConfig config)
    {
        var (report, quality) = (monitor.Drift.Report(), monitor.DataQuality.Report());
        var window = report.Current.Features.Count > 0 || report.Last is null ? report.Current : report.Last;
        return new
        {
            rows = window.Rows,
            needed = DriftMonitor.LeastRows,
            window.Since,
            window.Complete,
            window.Alarm,
            report.Windows,
            report.Alarms,
            windowRows = config.WindowRows,
            features = window.Features.Select(f => new { f.Name, f.Psi, ks = f.KolmogorovSmirnov, p = f.AdjustedP, alarm = f.Drifted, excluded = f.Psi is null ? "not tested: one bin" : null }),
            quality = new { missing = quality.Features.Sum(f => f.Missing), outOfRange = quality.Features.Sum(f => f.OutOfRange), constant = quality.Features.Count(f => f.Constant), duplicate = quality.Duplicates, quality.Rows },
        };
    }

    private static object Version(Roster roster, string version)
    {
        var loaded = roster.Loaded.GetValueOrDefault(version);
        var manifest = loaded?.Bundle.Manifest;
        return new
        {
            version,
            role = roster.RoleOf(version),
            share = roster.Canary?.Version == version ? roster.Roles.CanaryShare : (double?)null,
            manifest?.Architecture,
            manifest?.Created,
            digest = loaded?.Bundle.Digest,
            manifest?.Metrics,
            requests = loaded?.Monitor.Requests ?? 0,
            errors = loaded?.Monitor.Errors ?? 0,
            problem = roster.Refused.GetValueOrDefault(version),
        };
    }

    private static object Quality(QualityReport q) => new
    {
        q.Version,
        n = q.Labelled,
        q.Accuracy,
        q.Interval?.Low,
        q.Interval?.High,
        expected = q.ExpectedAccuracy,
        q.Rows,
        q.CalibrationError,
        reliability = q.Reliability.Select(b => new { b.Low, b.High, b.N, confidence = b.MeanConfidence, b.Accuracy }),
    };
}

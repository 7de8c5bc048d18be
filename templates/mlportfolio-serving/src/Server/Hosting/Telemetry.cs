using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PortfolioProject.Server;

/// <summary>
/// OpenTelemetry over OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set: the host's spans (which pick up traceparent) with model and rows, and the
/// duration of predictions in an instrument of its own: the framework's histogram begins at 5 ms.
/// </summary>
internal static class Telemetry
{
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT", Name = "PortfolioProject.Server";

    private static readonly Histogram<double> Duration = new Meter(Name).CreateHistogram("serving.prediction.duration", "s", "Time of a prediction",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1] });

    public static void Observe(string endpoint, in StageTimings timings)
    {
        if (Duration.Enabled) Duration.Record((double)timings.Total / Stopwatch.Frequency, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    /// <summary>What exports until it is disposed of; nothing when no endpoint is configured.</summary>
    public static IReadOnlyList<IDisposable> Start(string model)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))) return [];
        var resource = ResourceBuilder.CreateDefault().AddService(model);
        return
        [
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore").AddOtlpExporter().Build(),
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Name, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter().Build(),
        ];
    }

    /// <summary>JSON lines on stderr, each with its trace id; in Development, where a person reads the screen, failures only.</summary>
    public static void ConfigureLogs(ILoggingBuilder logs, bool onlyFailures)
    {
        logs.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logs.AddJsonConsole(o => (o.IncludeScopes, o.UseUtcTimestamp, o.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        logs.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        logs.SetMinimumLevel(onlyFailures ? LogLevel.Warning : LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
    }
}

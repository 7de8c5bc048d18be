using System.Diagnostics;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class RequestMetricsTests
{
    [Fact]
    public void Text_is_what_the_exposition_format_says()
    {
        var histogram = new LatencyHistogram();
        histogram.Observe((long)(0.00045 * Stopwatch.Frequency));
        histogram.Observe(20 * Stopwatch.Frequency);
        var text = new PrometheusText().Family("x_total", "counter", "A \\ and\na line.").Sample("x_total", 3, ("name", "say \"hi\" \\\n")).Sample("y", 0.25)
            .Family("d_seconds", "histogram", "D.").Histogram("d_seconds", histogram, ("stage", "read")).ToString();
        Assert.StartsWith("# HELP x_total A \\\\ and\\na line.\n# TYPE x_total counter\nx_total{name=\"say \\\"hi\\\" \\\\\\n\"} 3\ny 0.25\n# HELP d_seconds D.\n", text);
        Assert.Contains("d_seconds_bucket{stage=\"read\",le=\"0.0004\"} 0\nd_seconds_bucket{stage=\"read\",le=\"0.0005\"} 1\n", text);
        Assert.Contains("le=\"10\"} 1\nd_seconds_bucket{stage=\"read\",le=\"+Inf\"} 2\nd_seconds_sum{stage=\"read\"} 20.00045\nd_seconds_count{stage=\"read\"} 2\n", text);
    }

    [Fact]
    public void Each_duration_is_counted_in_the_bucket_whose_bound_it_does_not_pass()
    {
        var histogram = new LatencyHistogram();
        foreach (var bound in LatencyHistogram.Bounds) histogram.Observe((long)Math.Round(bound * Stopwatch.Frequency));
        Assert.Equal([.. LatencyHistogram.Bounds.Select(_ => 1L), 0], histogram.Snapshot());
        histogram.Observe(11 * Stopwatch.Frequency);
        Assert.Equal(1, histogram.Snapshot()[^1]);
        Assert.True(LatencyHistogram.Bounds.Count(b => b < 0.001) >= 10, "the bounds below a millisecond are the ones that matter here");
    }

    [Fact]
    public void Quantiles_are_interpolated_within_their_bucket()
    {
        var counts = new long[LatencyHistogram.Bounds.Count + 1];
        Assert.Null(LatencyHistogram.Quantile(counts, 0.5));
        var bucket = LatencyHistogram.Bounds.ToList().IndexOf(2e-4);
        counts[bucket] = 100;
        Assert.Equal(1.75e-4, LatencyHistogram.Quantile(counts, 0.5)!.Value, 9);
        counts[^1] = 900;
        Assert.Equal(10, LatencyHistogram.Quantile(counts, 0.5));
        Assert.Equal(2e-4, LatencyHistogram.Quantile(counts, 0.1)!.Value, 9);
    }

    [Fact]
    public void Stages_add_up_to_the_whole()
    {
        var timings = new StageTimings();
        Thread.Sleep(2);
        timings.End(Stage.Read);
        timings.End(Stage.Parse);
        Thread.Sleep(3);
        timings.End(Stage.Model);
        timings.Move(Stage.Model, Stage.BatchWait, TimeSpan.FromMilliseconds(1));
        timings.Move(Stage.Read, Stage.Queue, TimeSpan.FromDays(1));
        Assert.Equal(timings.Total, Enum.GetValues<Stage>().Sum(s => timings[s]));
        Assert.Equal((0, Stopwatch.Frequency / 1000), (timings[Stage.Read], timings[Stage.BatchWait]));
        Assert.InRange(timings[Stage.Model], Stopwatch.Frequency / 1000, long.MaxValue);
    }

    [Fact]
    public void Requests_are_counted_by_endpoint_and_status_and_errors_are_remembered_for_a_while()
    {
        var metrics = new RequestMetrics();
        var timings = new StageTimings();
        timings.End(Stage.Model);
        for (var i = 0; i < 3; i++) metrics.Predicted("infer", 200, timings);
        for (var i = 0; i < 60; i++) metrics.Counted("infer", 400, $"bad {i}");
        metrics.Counted("ready", 503);
        var text = new PrometheusText();
        metrics.WriteTo(text);
        Assert.Contains("serving_requests_total{endpoint=\"infer\",status=\"200\"} 3\nserving_requests_total{endpoint=\"infer\",status=\"400\"} 60\nserving_requests_total{endpoint=\"ready\",status=\"503\"} 1\n", $"{text}");
        Assert.Contains("serving_stage_duration_seconds_count{stage=\"batch-wait\"} 0\n", $"{text}");
        Assert.Contains("serving_request_duration_seconds_count 3\n", $"{text}");
        Assert.Equal((50, "bad 10", "bad 59"), (metrics.RecentErrors.Count, metrics.RecentErrors[0].Message, metrics.RecentErrors[^1].Message));
        metrics.Counted("infer", 500);
        var recent = metrics.Report(2);
        Assert.Equal((2, 3, 1, 60, 1, 3), (recent.InFlight, recent.Total, recent.Failed, recent.Refused, recent.Shed, Math.Round(recent.PerSecond * recent.WindowSeconds, 6)));
        Assert.Equal(["total", "read", "parse", "queue", "batch-wait", "model", "write"], recent.Latency.Select(l => l.Stage));
        Assert.Equal([3, 0, 0, 0, 0, 3, 0], recent.Latency.Select(l => l.N));
        Assert.Equal(recent.Latency[5].P99, recent.Latency[0].P99);
        Assert.Null(recent.Latency[1].P50);
    }

    [Fact]
    public void Promtool_finds_nothing_to_object_to()
    {
        var metrics = new RequestMetrics();
        metrics.Counted("infer \"x\"", 400, "no");
        var timings = new StageTimings();
        timings.End(Stage.Model);
        metrics.Predicted("infer", 200, timings);
        var text = new PrometheusText();
        metrics.WriteTo(text);
        Promtool.Check($"{text}");
    }
}

/// <summary>Debian's package prometheus brings promtool; without it the test is skipped, and counted as such.</summary>
internal static class Promtool
{
    public static void Check(string metrics)
    {
        Process promtool;
        try { promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!; }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not here: apt-get install prometheus");
            return;
        }

        promtool.StandardInput.Write(metrics);
        promtool.StandardInput.Close();
        var said = promtool.StandardOutput.ReadToEnd() + promtool.StandardError.ReadToEnd();
        promtool.WaitForExit();
        Assert.Equal(("", 0), (said, promtool.ExitCode));
    }
}

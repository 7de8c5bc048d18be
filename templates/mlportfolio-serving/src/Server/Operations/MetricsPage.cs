namespace PortfolioProject.Server;

/// <summary>GET /metrics: the service in Prometheus' words.</summary>
internal static class MetricsPage
{
    public static byte[] Write(ServerContext context)
    {
        var (text, roster) = (new PrometheusText(), context.Models.Roster);
        context.Metrics.WriteTo(text);
        One("serving_ready", "gauge", "1 while there is a model to predict with.", roster.State.Ready ? 1 : 0);
        One("serving_change_refused", "gauge", "1 while the last change of versions is refused and the model before it goes on.", roster.State is { Ready: true, Problem: not null } ? 1 : 0);
        One("serving_in_flight_requests", "gauge", "Requests under way.", context.InFlight());
        One("serving_queued_requests", "gauge", "Requests that wait for a prediction to end.", context.Gate.GetStatistics()!.CurrentQueuedCount);
        One("serving_log_records_total", "counter", "Predictions written to the log.", context.Predictions.Written);
        One("serving_log_lost_total", "counter", "Predictions that could not be written to the log.", context.Predictions.Lost);
        One("serving_feedback_entries", "gauge", "Labels received.", context.Feedback.Count);
        var models = roster.Models.ToList();
        Each("serving_model_info", "gauge", "Versions that are loaded, with their roles.", m => 1, m => ("role", roster.RoleOf(m.Version)));
        Each("serving_model_requests_total", "counter", "Requests answered by version.", m => m.Monitor.Requests);
        Each("serving_model_errors_total", "counter", "Predictions that came to nothing by version.", m => m.Monitor.Errors);
        var feedback = context.Feedback.Entries;
        var quality = models.ToDictionary(m => m, m => m.Monitor.Quality(feedback));
        Each("serving_model_accuracy_ratio", "gauge", "Share of labelled predictions that were right.", m => quality[m].Accuracy);
        Each("serving_model_expected_accuracy_ratio", "gauge", "Mean confidence: accuracy as the calibrated model itself expects it.", m => quality[m].Expected);
        if (roster.Stable is { } stable)
        {
            var (drift, data) = (stable.Monitor.Drift, stable.Monitor.DataQuality);
            One("serving_drift_windows_total", "counter", "Windows of rows compared with the training rows.", drift.Windows);
            One("serving_drift_alarms_total", "counter", "Windows in which some feature drifted.", drift.Alarms);
            text.Family("serving_drift_psi", "gauge", "Population stability index by feature, in the last complete window.");
            foreach (var feature in drift.Last?.Features ?? [])
                if (feature.Psi is { } psi) text.Sample("serving_drift_psi", psi, ("feature", feature.Name));
            text.Family("serving_data_problems_total", "counter", "Values or rows that are not as in training, by kind.")
                .Sample("serving_data_problems_total", data.Missing, ("kind", "missing")).Sample("serving_data_problems_total", data.OutOfRange, ("kind", "out-of-range"))
                .Sample("serving_data_problems_total", data.Duplicate, ("kind", "duplicate"));
            One("serving_data_constant_features", "gauge", "Features that stopped moving.", data.Constant);
        }

        if (roster.Shadow?.Report() is { } shadow)
        {
            One("serving_shadow_rows_total", "counter", "Rows that the shadow predicted too.", shadow.N);
            One("serving_shadow_disagreements_total", "counter", "Rows that the shadow labelled otherwise.", shadow.Differ);
        }

        using var process = Process.GetCurrentProcess();
        One("process_cpu_seconds_total", "counter", "Processor time, user and system.", process.TotalProcessorTime.TotalSeconds);
        One("process_resident_memory_bytes", "gauge", "Resident memory.", process.WorkingSet64);
        One("process_start_time_seconds", "gauge", "Start of the process since the epoch.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        return Encoding.UTF8.GetBytes(text.ToString());

        void One(string name, string type, string help, double value) => text.Family(name, type, help).Sample(name, value);

        void Each(string name, string type, string help, Func<ServedModel, double?> value, Func<ServedModel, (string, string)>? label = null)
        {
            text.Family(name, type, help);
            foreach (var model in models)
                if (value(model) is { } number) text.Sample(name, number, [("version", model.Version), .. label is null ? Array.Empty<(string, string)>() : [label(model)]]);
        }
    }
}

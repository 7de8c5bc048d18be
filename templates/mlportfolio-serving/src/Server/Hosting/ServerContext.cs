namespace PortfolioProject.Server;

/// <summary>How a server is started.</summary>
/// <param name="Root">The repository: models, logs and configuration are relative to it.</param>
/// <param name="Urls">Separated by ';'; port 0 takes a free one.</param>
public sealed record ServerOptions(string Root, ServingConfig Config, string Urls = "http://127.0.0.1:0", string Environment = "Development")
{
    public ApiKeys Keys { get; init; } = new(null, null);

    /// <summary>The server disposes of it; null: each request is predicted on its own.</summary>
    public IPredictor? Predictor { get; init; }

    public StartupStages Startup { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>What the endpoints share.</summary>
public sealed record ServerContext(ServerOptions Options, DateTimeOffset Started, ModelHost Models, RequestMetrics Metrics, PredictionLog Predictions, FeedbackStore Feedback, ConcurrencyLimiter Gate, Func<int> InFlight)
{
    public ServingConfig Config => Options.Config;
}

/// <summary>What a cold start spends its time on, from the start of the process.</summary>
public sealed class StartupStages
{
    private readonly List<(string Stage, double Milliseconds)> _stages = [];
    private DateTime _last = Process.GetCurrentProcess().StartTime;

    public IReadOnlyList<(string Stage, double Milliseconds)> Stages => _stages;

    /// <summary>A stage ends now and the next one begins.</summary>
    public void End(string stage)
    {
        var now = DateTime.Now;
        _stages.Add((stage, (now - _last).TotalMilliseconds));
        _last = now;
    }
}

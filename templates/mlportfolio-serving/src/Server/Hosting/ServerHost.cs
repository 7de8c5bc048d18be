using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace PortfolioProject.Server;

/// <summary>The running service: Kestrel with every endpoint, the models behind it, and their logs.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Drain _drain;
    private readonly ILogger _logger;
    private readonly List<IDisposable> _owned;
    private readonly Task _following;
    private Task? _stopping;

    private ServerHost(WebApplication app, ServerContext context, Drain drain, ILogger logger, List<IDisposable> owned)
    {
        (_app, Context, _drain, _logger, _owned) = (app, context, drain, logger, owned);
        _following = context.Models.FollowAsync(app.Lifetime.ApplicationStopping);
    }

    public ServerContext Context { get; }

    public ModelHost Models => Context.Models;

    /// <summary>Where it listens, first of the addresses, with its port.</summary>
    public Uri Address => new(_app.Urls.First());

    internal IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Starts the service; it listens when this returns, and is ready if a model could be loaded.</summary>
    /// <exception cref="UserError">The configuration is unsafe, or the address cannot be bound.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancel = default)
    {
        var urls = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        options.Keys.Guard(options.Environment, urls);
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = options.Environment, ContentRootPath = options.Root });
        Telemetry.ConfigureLogs(builder.Logging, options is { Environment: "Development", Config.LogRequests: false });
        builder.WebHost.UseKestrelCore().UseUrls(urls).ConfigureKestrel(kestrel => Configure(kestrel, options.Config.Limits));
        builder.Services.AddRoutingCore().AddSingleton<Drain>().AddSingleton<IConnectionListenerFactory>(s => s.GetRequiredService<Drain>());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(options.Config.Limits.DrainSeconds));
        var app = builder.Build();
        options.Startup.End("configuration");
        var host = Compose(app, options);
        options.Startup.End("bundle");
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException or InvalidOperationException)
        {
            await host.DisposeAsync();
            throw new UserError("the service cannot listen there", field: "--urls", expected: "a free address such as http://127.0.0.1:8080", got: UserError.Quote(options.Urls), fix: e.Message);
        }

        options.Startup.End("host");
        host._logger.LogInformation("Listening on {Address}: model {Model}, {State}", host.Address, host.Models.Name, host.Models.State);
        return host;
    }

    /// <summary>The limits that the web server itself keeps, for whoever serves the same way.</summary>
    public static void Configure(KestrelServerOptions kestrel, LimitsConfig limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        // Kept by Body, which answers: here a longer body would cost the connection before its answer was read.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (endpoint.ApplicationServices.GetService<Drain>() is { } drain) endpoint.Use(drain.Watch);
        });
    }

    /// <summary>Closes the listening sockets, answers what is under way and stops; not before all of it is answered or the time for it is over.</summary>
    public Task StopAsync() => _stopping ??= DrainAsync();

    /// <summary>Ends when <paramref name="cancel"/> asks for it, after an orderly stop.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        foreach (var owned in Enumerable.Reverse(_owned)) owned.Dispose();
    }

    private static ServerHost Compose(WebApplication app, ServerOptions options)
    {
        var config = options.Config;
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Telemetry.Name);
        var drain = app.Services.GetRequiredService<Drain>();
        var registry = ModelRegistry.Open(Path.Combine(options.Root, config.Models), config.Model);
        var log = new PredictionLog(Path.Combine(options.Root, config.Monitoring.Folder, registry.Name), config.Monitoring, options.Clock);
        var feedback = new FeedbackStore(log, config.Monitoring, options.Clock);
        var models = new ModelHost(registry, ModelEngine.Of(options.Root), log, config, options.Clock, logger);
        models.Refresh();
        // Predictions keep at most as many threads busy as may run at once: as many again are left for probes and refusals.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 2 * Environment.ProcessorCount), ports);
        var gate = new ConcurrencyLimiter(new()
        {
            PermitLimit = new[] { options.Predictor?.AtOnce ?? 0, config.Limits.Concurrent, Environment.ProcessorCount }.First(n => n > 0),
            QueueLimit = config.Limits.Queue,
        });
        var context = new ServerContext(options, options.Clock.GetUtcNow(), models, new RequestMetrics(), log, feedback, gate, () => drain.InFlight);
        var edge = new Edge(options, context.Metrics, drain, logger);
        var pipeline = new PredictionPipeline(context);
        app.Use((http, next) => edge.InvokeAsync(http, next));
        var (open, keyed, admin) = (Group(app, Access.Open), Group(app, Access.Predict), Group(app, Access.Admin));
        ProtocolEndpoints.Map(open, keyed, context, pipeline);
        ProductEndpoints.Map(open, keyed, context, pipeline);
        DashboardPage.Map(open);
        OperationsEndpoints.Map(open, keyed, admin, context);
        return new ServerHost(app, context, drain, logger, [log, edge, gate, .. Telemetry.Start(models.Name), .. options.Predictor is IDisposable owned ? [owned] : Array.Empty<IDisposable>()]);
    }

    private static RouteGroupBuilder Group(WebApplication app, Access access) => app.MapGroup("").WithMetadata(new Requires(access));

    private async Task DrainAsync()
    {
        _logger.LogInformation("Stopping: {InFlight} requests under way are answered first", _drain.InFlight);
        await _drain.RunAsync(TimeSpan.FromSeconds(Context.Config.Limits.DrainSeconds));
        await _app.StopAsync();
        await _following;
        _logger.LogInformation("Stopped");
    }
}

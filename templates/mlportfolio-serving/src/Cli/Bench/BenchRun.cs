using System.Net.Http.Json;

namespace PortfolioProject.Cli;

/// <summary>
/// Measures the service as a process of its own: training, cold start, CPU and latency by load beside a Kestrel that only reads and answers, memory, hot swap and
/// rollback. Milliseconds go to the run's timings, one record a repetition.
/// </summary>
internal sealed class BenchRun(string root, BenchConfig config, TrainingConfig training, RunWriter writer, Action<string, double> progress, CancellationToken cancel)
{
    private const int ArrivalStream = 90;
    private static readonly string[] Serve = ["serve", "--urls", "http://127.0.0.1:0"];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly JsonObject _resources = [];

    /// <summary>Runs everything in a copy of the repository's configuration, so that neither models nor logs of the repository are touched.</summary>
    public async Task<JsonObject> ExecuteAsync()
    {
        var place = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            var table = CsvTable.Read(root, training.Data);
            Copy(place);
            Train(place, table);
            await ColdStarts(place, table);
            await Loads(place, table);
            return _resources;
        }
        finally
        {
            _http.Dispose();
            Directory.Delete(place, recursive: true);
        }
    }

    private void Copy(string place)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(root, "configs"), "*", SearchOption.AllDirectories).Append(Path.Combine(root, ".mlportfolio.json")))
        {
            var target = Path.Combine(place, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Two versions, so that there is one to swap to; the first is promoted.</summary>
    private void Train(string place, Table table)
    {
        var run = RunStore.NewestComplete(root, EvidenceRun.Kind) ?? (Directory.Exists(Path.Combine(root, "results", EvidenceRun.Kind)) ? RunStore.Resolve(root, "results/main").Run
            : throw new UserError("nothing says yet which model is served", root, fix: "Evaluate first: dotnet run --project src/Cli -- train"));
        var registry = new ModelRegistry(Path.Combine(place, "models"), training.ModelName);
        for (var i = 1; i <= 2; i++)
        {
            progress($"training, {i} of 2", 0.02 * i);
            var watch = Stopwatch.StartNew();
            Packaging.Ship(training, table, run, TrainingOptions.Engine, registry, cancel);
            Add("training", i, ("train", watch.Elapsed.TotalMilliseconds));
        }

        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", registry.Versions[0], null, "cli", "bench"));
    }

    private async Task ColdStarts(string place, Table table)
    {
        for (var i = 1; i <= config.Starts; i++)
        {
            progress($"cold start, {i} of {config.Starts}", 0.05 + (0.1 * i / config.Starts));
            var watch = Stopwatch.StartNew();
            using var server = await ServerProcess.StartAsync(place, Serve, cancel);
            while (!(await _http.GetAsync(new Uri(server.Address, "/v2/health/ready"), cancel)).IsSuccessStatusCode) await Task.Delay(1, cancel);
            var ready = watch.Elapsed.TotalMilliseconds;
            await Predict(server, table);
            var answered = watch.Elapsed.TotalMilliseconds;
            var status = await _http.GetFromJsonAsync<JsonObject>(new Uri(server.Address, "/api/status"), cancel);
            var stages = status?["service"]?["startup"]?.AsArray().Select(s => ($"{s!["stage"]}", (double)s["milliseconds"]!)) ?? [];
            Add("cold-start", i, [("listening", server.ListeningMilliseconds), ("ready", ready), ("first answer", answered), .. stages]);
        }
    }

    private async Task Loads(string place, Table table)
    {
        using var bare = await ServerProcess.StartAsync(place, ["bench", "--bare"], cancel);
        using var direct = await ServerProcess.StartAsync(place, Serve, cancel);
        using var batching = File.Exists(Path.Combine(place, "configs", "batching.yaml"))
            ? await ServerProcess.StartAsync(place, [.. Serve, "--set", "batching.enabled=true", "--set", "monitoring.folder=logs-batching"], cancel) : null;
        var path = $"/v2/models/{training.ModelName}/infer";
        List<(string Name, ServerProcess Server, byte[] Request)> loads =
        [
            ("bare, 1 row JSON", bare, Payloads.Json(path, table, 1)),
            ("bare, 64 rows JSON", bare, Payloads.Json(path, table, 64)),
            ("bare, 64 rows binary", bare, Payloads.Binary(path, table, 64)),
            ("1 row JSON", direct, Payloads.Json(path, table, 1)),
            ("64 rows JSON", direct, Payloads.Json(path, table, 64)),
            ("64 rows binary", direct, Payloads.Binary(path, table, 64)),
        ];
        if (batching is not null) loads.Add(("1 row JSON, batching", batching, Payloads.Json(path, table, 1)));
        foreach (var (name, server, request) in loads)
        {
            progress($"warming up: {name}", 0.17);
            await LoadGenerator.ClosedAsync(server.Address, request, config.Connections, TimeSpan.FromSeconds(config.WarmUpSeconds), cancel);
        }

        for (var round = 1; round <= config.Rounds; round++)
            foreach (var (i, (name, server, request)) in loads.Index())
            {
                progress($"{name}, round {round} of {config.Rounds}", 0.2 + (0.7 * (((round - 1) * loads.Count) + i) / (config.Rounds * loads.Count)));
                await Load(name, round, server, request);
            }

        _resources["residentMegabytes"] = direct.ResidentMegabytes;
        for (var i = 1; i <= config.Starts; i++)
        {
            progress($"hot swap, {i} of {config.Starts}", 0.9 + (0.1 * i / config.Starts));
            Add("hot-swap", i, ("promote", await Swap(direct, table, "promote", "2")), ("roll back", await Swap(direct, table, "rollback", "1")));
        }
    }

    /// <summary>A closed loop for CPU and throughput, then an open one for latency.</summary>
    private async Task Load(string name, int round, ServerProcess server, byte[] request)
    {
        var (length, cpu) = (TimeSpan.FromSeconds(config.Seconds), server.Cpu);
        var closed = await LoadGenerator.ClosedAsync(server.Address, request, config.Connections, length, cancel);
        var (closedCpu, rate) = ((server.Cpu - cpu).TotalMilliseconds / closed.Answered, config.OpenShare * closed.PerSecond);
        cpu = server.Cpu;
        var open = await LoadGenerator.OpenAsync(server.Address, request, config.Connections, rate, length, new RandomStream(training.Seed, ArrivalStream + round), cancel);
        var openCpu = (server.Cpu - cpu).TotalMilliseconds / open.Answered;
        Add(name, round, (double)(closed.Answered + open.Answered) / (closed.Answered + closed.Failed + open.Answered + open.Failed),
            ("cpu", closedCpu), ("cpu, open loop", openCpu), ("p50", open.Percentile(0.5)), ("p95", open.Percentile(0.95)), ("p99", open.Percentile(0.99)), ("p99.9", open.Percentile(0.999)));
        if (_resources["perSecond"] is null) _resources["perSecond"] = new JsonObject();
        ((JsonArray)(_resources["perSecond"]![name] ??= new JsonArray())).Add(closed.PerSecond);
    }

    /// <summary>Milliseconds from the request that changes the version to the first answer by the other one.</summary>
    private async Task<double> Swap(ServerProcess server, Table table, string action, string version)
    {
        var watch = Stopwatch.StartNew();
        (await _http.PostAsJsonAsync(new Uri(server.Address, $"/api/admin/{action}"), action == "promote" ? new JsonObject { ["version"] = version } : [], cancel)).EnsureSuccessStatusCode();
        while (await Predict(server, table) != version) await Task.Delay(1, cancel);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>One prediction: the version that answered.</summary>
    private async Task<string?> Predict(ServerProcess server, Table table)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(server.Address, "/api/predict"), new { features = table.Row(0).ToArray() }, cancel);
        return (string?)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancel))?["model"]?["version"];
    }

    private void Add(string variant, int repetition, params (string Stage, double Milliseconds)[] times) => Add(variant, repetition, 1, times);

    private void Add(string variant, int repetition, double answered, params (string Stage, double Milliseconds)[] times)
    {
        var name = $"repetition-{repetition}";
        writer.Add(new CaseRecord
        {
            Case = name,
            Variant = variant,
            Cluster = name,
            Outcome = answered == 1 ? "answered" : "failures",
            Values = new Dictionary<string, double> { [BenchReport.Answered.Name] = answered },
        }, new TimingRecord
        {
            Case = name,
            Variant = variant,
            Milliseconds = times.ToDictionary(t => t.Stage, t => t.Milliseconds),
        });
    }
}

using System.Net.Http.Json;

namespace PortfolioProject.Bench;

/// <summary>
/// Measures the service as a process of its own: training, cold start, CPU and latency by load beside a Kestrel that only reads and answers, memory, hot swap and
/// rollback. Milliseconds go to the run's timings, one record a repetition. Models and logs lie in <paramref name="place"/>, so that the repository's own are not touched.
/// </summary>
internal sealed class BenchRun(string root, string place, BenchConfig config, TrainingConfig training, RunWriter writer, Action<string, double> progress, CancellationToken cancel)
{
    private const int ArrivalStream = 90;

    /// <summary>The system counts a process' CPU time in steps of 10 ms: fewer than these would measure nothing.</summary>
    private static readonly TimeSpan LeastCpu = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Table _table = CsvTable.Read(root, training.Data);
    private readonly Dictionary<string, List<double>> _perSecond = [];

    /// <summary>Measures everything: the run's resources.</summary>
    public async Task<JsonObject> ExecuteAsync()
    {
        Train();
        await ColdStarts();
        using var direct = await Serve();
        var resident = await Loads(direct);
        for (var i = 1; i <= config.Starts; i++)
        {
            progress($"hot swap, {i} of {config.Starts}", 0.9 + (0.1 * i / config.Starts));
            Add("hot-swap", i, 1, ("promote", await Swap(direct, "promote", "2")), ("roll back", await Swap(direct, "rollback", "1")));
        }

        return new JsonObject
        {
            ["residentMegabytes"] = resident,
            ["perSecond"] = new JsonObject(_perSecond.Select(l => KeyValuePair.Create<string, JsonNode?>(l.Key, new JsonArray([.. l.Value.Select(v => JsonValue.Create(v))])))),
        };
    }

    /// <summary>Two versions, so that there is one to swap to; the first is promoted.</summary>
    private void Train()
    {
        var run = RunStore.NewestComplete(root, EvidenceRun.Kind) ?? (Directory.Exists(Path.Combine(root, "results", EvidenceRun.Kind)) ? RunStore.Resolve(root, "results/main").Run
            : throw new UserError("nothing says yet which model is served", root, fix: "Evaluate first: dotnet run --project src/Cli -- train"));
        var registry = new ModelRegistry(Path.Combine(place, "models"), training.ModelName);
        for (var i = 1; i <= 2; i++)
        {
            progress($"training, {i} of 2", 0.02 * i);
            var watch = Stopwatch.StartNew();
            Packaging.Ship(training, _table, run, ModelEngine.Of(root), registry, cancel);
            Add("training", i, 1, ("train", watch.Elapsed.TotalMilliseconds));
        }

        registry.Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "bench"));
    }

    private async Task ColdStarts()
    {
        for (var i = 1; i <= config.Starts; i++)
        {
            progress($"cold start, {i} of {config.Starts}", 0.05 + (0.1 * i / config.Starts));
            var watch = Stopwatch.StartNew();
            using var server = await Serve();
            while (!(await _http.GetAsync(new Uri(server.Address, "/v2/health/ready"), cancel)).IsSuccessStatusCode) await Task.Delay(1, cancel);
            var ready = watch.Elapsed.TotalMilliseconds;
            await Predict(server);
            var answered = watch.Elapsed.TotalMilliseconds;
            var status = await _http.GetFromJsonAsync<JsonObject>(new Uri(server.Address, "/api/status"), cancel);
            Add("cold-start", i, 1, [("listening", server.ListeningMilliseconds), ("ready", ready), ("first answer", answered),
                .. status!["service"]!["startup"]!.AsArray().Select(s => ($"{s!["stage"]}", (double)s["milliseconds"]!))]);
        }
    }

    /// <summary>Every load in every round: what the server that predicts directly then keeps resident.</summary>
    private async Task<double> Loads(ServerProcess direct)
    {
        using var bare = await ServerProcess.StartAsync(root, ["bench", "--bare"], cancel);
        using var batching = File.Exists(Path.Combine(root, "configs", "batching.yaml")) ? await Serve("--set", "batching.enabled=true") : null;
        var path = $"/v2/models/{training.ModelName}/infer";
        (string Name, byte[] Request)[] requests = [("1 row JSON", Payloads.Json(path, _table, 1)), ("64 rows JSON", Payloads.Json(path, _table, 64)), ("64 rows binary", Payloads.Binary(path, _table, 64))];
        var loads = requests.SelectMany(r => new[] { (Name: "bare, " + r.Name, Server: bare, r.Request), (r.Name, Server: direct, r.Request) }).ToList();
        if (batching is not null) loads.Add(("1 row JSON, batching", batching, requests[0].Request));
        for (var round = 0; round <= config.Rounds; round++)
            foreach (var (i, (name, server, request)) in loads.Index())
            {
                progress($"{name}, {(round == 0 ? "warming up" : $"round {round} of {config.Rounds}")}", 0.15 + (0.75 * ((round * loads.Count) + i) / ((config.Rounds + 1) * loads.Count)));
                if (round > 0) await Load(name, round, server, request);
                else await LoadGenerator.ClosedAsync(server.Address, request, config.Connections, TimeSpan.FromSeconds(config.WarmUpSeconds), cancel);
            }

        return direct.ResidentMegabytes;
    }

    /// <summary>A closed loop for CPU and throughput, then an open one for latency.</summary>
    private async Task Load(string name, int round, ServerProcess server, byte[] request)
    {
        var (length, cpu) = (TimeSpan.FromSeconds(config.Seconds), server.Cpu);
        var closed = await LoadGenerator.ClosedAsync(server.Address, request, config.Connections, length, cancel, () =>
        {
            lock (_perSecond) return server.Cpu - cpu >= LeastCpu;
        });
        if (closed.Answered == 0) throw Silent(name);
        var (closedCpu, between) = ((server.Cpu - cpu).TotalMilliseconds / closed.Answered, server.Cpu);
        var open = await LoadGenerator.OpenAsync(server.Address, request, config.Connections, config.OpenShare * closed.PerSecond, length, new RandomStream(training.Seed, ArrivalStream + round), cancel);
        if (open.Answered == 0) throw Silent(name);
        if (!_perSecond.TryAdd(name, [closed.PerSecond])) _perSecond[name].Add(closed.PerSecond);
        Add(name, round, (double)(closed.Answered + open.Answered) / (closed.Answered + closed.Failed + open.Answered + open.Failed), ("cpu", closedCpu),
            ("cpu, open loop", (server.Cpu - between).TotalMilliseconds / open.Answered), ("p50", open.Percentile(0.5)), ("p95", open.Percentile(0.95)), ("p99", open.Percentile(0.99)), ("p99.9", open.Percentile(0.999)));
    }

    private static UserError Silent(string load) => new($"no request was answered under the load \"{load}\"", fix: "See what the server says: dotnet run --project src/Cli -- serve") { Code = ExitCode.Incomplete };

    /// <summary>Milliseconds from the request that changes the version to the first answer by the other one.</summary>
    private async Task<double> Swap(ServerProcess server, string action, string version)
    {
        var watch = Stopwatch.StartNew();
        (await _http.PostAsJsonAsync(new Uri(server.Address, $"/api/admin/{action}"), action == "promote" ? new JsonObject { ["version"] = version } : [], cancel)).EnsureSuccessStatusCode();
        while (await Predict(server) != version) await Task.Delay(1, cancel);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>One prediction: the version that answered.</summary>
    private async Task<string?> Predict(ServerProcess server)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(server.Address, "/api/predict"), new { features = _table.Row(0).ToArray() }, cancel);
        return (string?)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancel))?["model"]?["version"];
    }

    private Task<ServerProcess> Serve(params string[] more) => ServerProcess.StartAsync(root,
        ["serve", "--urls", "http://127.0.0.1:0", "--set", "models=" + Path.Combine(place, "models"), "--set", "monitoring.folder=" + Path.Combine(place, $"logs-{more.Length}"), .. more], cancel);

    private void Add(string variant, int repetition, double answered, params (string Stage, double Milliseconds)[] times)
    {
        var (name, milliseconds) = ($"repetition-{repetition}", times.ToDictionary(t => t.Stage, t => t.Milliseconds));
        var values = new Dictionary<string, double> { [BenchReport.Answered.Name] = answered };
        writer.Add(new() { Case = name, Variant = variant, Cluster = name, Outcome = answered == 1 ? "answered" : "failures", Values = values }, new() { Case = name, Variant = variant, Milliseconds = milliseconds });
    }
}
